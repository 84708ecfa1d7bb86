/** The digests that are computed. */
export type DigestName = "sha256" | "sha512" | "md5";

/** A digest that is computed while the bytes come. */
export interface Hash {
  update(chunk: Uint8Array): void;
  /** In hex. */
  digest(): Promise<string>;
}
