import { createHash } from "#platform";
import { DownloadError } from "../errors/download-error.js";
import type { DownloadOptions } from "../file/options.js";

/** A digest that is computed while the bytes come. */
export interface Hash {
  update(chunk: Uint8Array): void;
  /** In hex. */
  digest(): Promise<string>;
}

/** The digests that are demanded of a file, or that its server promised. */
export interface Digests {
  update(chunk: Uint8Array): void;
  /** The SHA-256, if it was computed, and whether anything was proved. @throws {@link DownloadError} `DIGEST_MISMATCH` */
  check(): Promise<{ sha256?: string | undefined; proved: boolean }>;
}

/** @param promised the reply's Repr-Digest (RFC 9530), where the saved bytes are the representation */
export async function createDigests(
  { expected = {}, sha256 }: DownloadOptions,
  promised: string | null,
): Promise<Digests> {
  const wanted = new Map<"sha256" | "md5", Set<string>>();
  const want = (name: "sha256" | "md5", value: string | undefined) => {
    if (value) wanted.set(name, (wanted.get(name) ?? new Set()).add(toHex(value, name === "md5" ? 32 : 64)));
  };
  want("sha256", expected.sha256);
  want("md5", expected.md5);
  want("sha256", /(?:^|,)\s*sha-256=:([\w+/]{43}=):/i.exec(promised ?? "")?.[1]);
  if (sha256 && !wanted.has("sha256")) wanted.set("sha256", new Set());
  const hashes = await Promise.all(
    [...wanted].map(async ([name, values]) => ({ name, values, hash: await createHash(name) })),
  );
  return {
    update(chunk) {
      for (const { hash } of hashes) hash.update(chunk);
    },
    async check() {
      let found: string | undefined;
      for (const { name, values, hash } of hashes) {
        const actual = await hash.digest();
        if (name === "sha256") found = actual;
        for (const value of values) {
          if (value !== actual)
            throw new DownloadError(
              "DIGEST_MISMATCH",
              `download: the file's ${name} is ${actual}, not ${value}`,
              { expected: value, actual },
            );
        }
      }
      return { sha256: found, proved: hashes.some(({ values }) => values.size > 0) };
    },
  };
}

/** Hex stays, base64 becomes hex. @throws {TypeError} for what is no digest */
function toHex(digest: string, length: number): string {
  const hex = /^[\w+/]*={1,2}$/.test(digest)
    ? Array.from(atob(digest), (char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("")
    : digest.toLowerCase();
  if (hex.length !== length || /[^\da-f]/.test(hex))
    throw new TypeError("download: an expected digest is neither hex nor base64 of its length");
  return hex;
}
