import { platform } from "#platform";
import { fromBase64 } from "../encoding/base64.js";
import { toHex } from "../encoding/hex.js";
import { DownloadError } from "../errors/download-error.js";
import type { DownloadOptions } from "../file/options.js";

/** The digests that are demanded of a file, or that its server promised. */
export interface Digests {
  update(chunk: Uint8Array): void;
  /** The SHA-256, if it was computed, and whether any demanded or promised digest matched. @throws {@link DownloadError} `DIGEST_MISMATCH` */
  check(): Promise<{ sha256?: string | undefined; matched: boolean }>;
}

/**
 * Starts the digests that the options demand and that the server promised.
 * @param promised the reply's Repr-Digest (RFC 9530), where the saved bytes are the representation
 */
export async function createDigests(options: DownloadOptions, promised: string | null): Promise<Digests> {
  const hashes = await Promise.all(
    [...wantedDigests(options, promised)].map(async ([name, values]) => {
      const hash = await platform.createHash(name);
      return { name, values, hash };
    }),
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
      return { sha256: found, matched: hashes.some(({ values }) => values.size > 0) };
    },
  };
}

type DigestName = "sha256" | "md5";

/** The values that each digest has to have; none if it is only asked for. */
function wantedDigests(
  { expected = {}, sha256 }: DownloadOptions,
  promised: string | null,
): Map<DigestName, Set<string>> {
  const wanted = new Map<DigestName, Set<string>>();
  const add = (name: DigestName, value: string | undefined) => {
    if (!value) return;
    const values = wanted.get(name) ?? new Set();
    wanted.set(name, values.add(digestToHex(value, name === "md5" ? 32 : 64)));
  };
  add("sha256", expected.sha256);
  add("md5", expected.md5);
  add("sha256", /(?:^|,)\s*sha-256=:([\w+/]{43}=):/i.exec(promised ?? "")?.[1]);
  if (sha256 && !wanted.has("sha256")) wanted.set("sha256", new Set());
  return wanted;
}

/** Keeps hex, and turns base64 into hex. @throws {TypeError} for what is no digest */
function digestToHex(digest: string, length: number): string {
  const hex = /^[\w+/]*={1,2}$/.test(digest) ? toHex(fromBase64(digest)) : digest.toLowerCase();
  if (hex.length !== length || /[^\da-f]/.test(hex))
    throw new TypeError("download: an expected digest is neither hex nor base64 of its length");
  return hex;
}
