import type { FileHandleLike } from "@outhaul/shared";

/** A file in memory, as a browser's handle of a file. */
export interface MemoryFile extends FileHandleLike {
  /** What was written, once the file is whole. */
  bytes(): Uint8Array<ArrayBuffer>;
}

/** Creates a file in memory. It has its bytes only when its writer is closed. */
export function createMemoryFile(): MemoryFile {
  let whole = new Uint8Array(0);
  return {
    bytes: () => whole,
    async createWritable() {
      let content = new Uint8Array(0);
      let position = 0;
      const resize = (size: number) => {
        const resized = new Uint8Array(size);
        resized.set(content.subarray(0, size));
        content = resized;
      };
      return {
        async write(data) {
          const bytes = new Uint8Array(data);
          if (position + bytes.length > content.length) resize(position + bytes.length);
          content.set(bytes, position);
          position += bytes.length;
        },
        async seek(to) {
          position = to;
        },
        async truncate(size) {
          resize(size);
          position = Math.min(position, size);
        },
        async close() {
          whole = content;
        },
        async abort() {},
      };
    },
  };
}
