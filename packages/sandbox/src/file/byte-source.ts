/** Bytes of a known number, produced again each time they are read. */
export interface ByteSource {
  readonly sizeBytes: number;
  chunks(): Iterable<Uint8Array>;
}
