import { platform } from "#platform";
import { fromBase64 } from "../encoding/base64.js";
import { toHex } from "../encoding/hex.js";
import { DownloadError } from "../errors/download-error.js";
import type { DigestName } from "../file/hash.js";
import type { DownloadOptions } from "../file/options.js";
import { contentEncoding, type RawReply } from "../http/transport.js";

/** The digests that are demanded of a file, or that its server promised. */
export interface Digests {
  update(chunk: Uint8Array): void;
  /** The SHA-256, if it was computed, and whether any demanded or promised digest matched. @throws {@link DownloadError} `DIGEST_MISMATCH` */
  check(): Promise<{ sha256?: string | undefined; matched: boolean }>;
}

/** The values that each digest has to have; none if it is only asked for. */
type WantedDigests = Map<DigestName, Set<string>>;

const HEX_LENGTHS = { md5: 32, sha256: 64, sha512: 128 } as const;

/**
 * Starts the digests that the options demand and that the server promised.
 * @param promised the reply's Repr-Digest (RFC 9530), where the saved bytes are the representation
 */
export function createDigests(
  { expected = {}, sha256 }: DownloadOptions,
  promised: string | undefined,
): Promise<Digests> {
  const wanted = readDigests(promised);
  addDigest(wanted, "sha256", expected.sha256);
  addDigest(wanted, "md5", expected.md5);
  if (sha256 && !wanted.has("sha256")) wanted.set("sha256", new Set());
  return startDigests(wanted, "file");
}

/**
 * Checks what a reply sends against its Content-Digest (RFC 9530) while it is read; the end of its body throws `DIGEST_MISMATCH`.
 * @returns `false` if nothing is checked
 */
export async function verifyContent(reply: RawReply): Promise<boolean> {
  const { body, headers, decoded } = reply;
  const wanted = readDigests(headers.get("content-digest"));
  if (!body || wanted.size === 0 || (decoded && contentEncoding(headers))) return false;
  const digests = await startDigests(wanted, "reply");
  async function* checked(content: AsyncIterable<Uint8Array>) {
    for await (const chunk of content) {
      digests.update(chunk);
      yield chunk;
    }
    await digests.check();
  }
  reply.body = checked(body);
  reply.nextBuffered = undefined;
  return true;
}

async function startDigests(wanted: WantedDigests, what: string): Promise<Digests> {
  const hashes = await Promise.all(
    [...wanted].map(async ([name, values]) => ({ name, values, hash: await platform.createHash(name) })),
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
              `download: the ${what}'s ${name} is ${actual}, not ${value}`,
              { expected: value, actual },
            );
        }
      }
      return { sha256: found, matched: hashes.some(({ values }) => values.size > 0) };
    },
  };
}

/** The digests of a field, without those that nobody knows. The last one of a name counts. RFC 9530, RFC 8941 §3.2 */
function readDigests(field: string | null | undefined): WantedDigests {
  const wanted: WantedDigests = new Map();
  for (const member of (field ?? "").split(",")) {
    const [, size, value = ""] = /^\s*sha-(256|512)=:([a-z\d+/]{43,86}={1,2}):/i.exec(member) ?? [];
    const name = size === "256" ? "sha256" : "sha512";
    if (!size || value.length !== (size === "256" ? 44 : 88)) continue;
    wanted.delete(name);
    addDigest(wanted, name, value);
  }
  return wanted;
}

function addDigest(wanted: WantedDigests, name: DigestName, value: string | undefined): void {
  if (!value) return;
  const values = wanted.get(name) ?? new Set();
  wanted.set(name, values.add(digestToHex(value, HEX_LENGTHS[name])));
}

/** Keeps hex, and turns base64 into hex. @throws {TypeError} for what is no digest */
function digestToHex(digest: string, length: number): string {
  const hex = /^[\w+/]*={1,2}$/.test(digest) ? toHex(fromBase64(digest)) : digest.toLowerCase();
  if (hex.length !== length || /[^\da-f]/.test(hex))
    throw new TypeError("download: an expected digest is neither hex nor base64 of its length");
  return hex;
}
