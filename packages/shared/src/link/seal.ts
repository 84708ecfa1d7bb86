import { fromBase64 } from "../encoding/base64.js";

/** How often the key is hashed: the most that Workers allow. An API key needs none of it, a password does. */
const ITERATIONS = 100_000;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;

/** Makes a text unreadable for all who do not have the secret: AES-GCM, with a key by PBKDF2 (RFC 8018) and a salt for each text. */
export async function seal(text: string, secret: string): Promise<string> {
  const head = crypto.getRandomValues(new Uint8Array(SALT_BYTES + NONCE_BYTES));
  const { key, nonce } = await keyOf(secret, head);
  const bytes = await crypto.subtle.encrypt(nonce, key, new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...head, ...new Uint8Array(bytes)));
}

/** The text that was sealed; `undefined` if it was sealed with another secret, or is none. */
export async function unseal(sealed: string, secret: string): Promise<string | undefined> {
  try {
    const bytes = fromBase64(sealed);
    const { key, nonce } = await keyOf(secret, bytes);
    const text = await crypto.subtle.decrypt(nonce, key, bytes.subarray(SALT_BYTES + NONCE_BYTES));
    return new TextDecoder().decode(text);
  } catch {
    return undefined;
  }
}

async function keyOf(secret: string, head: Uint8Array<ArrayBuffer>) {
  const salt = head.subarray(0, SALT_BYTES);
  const iv = head.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
  const password = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "PBKDF2", false, [
    "deriveKey",
  ]);
  const key = await crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS },
    password,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
  return { key, nonce: { name: "AES-GCM", iv } };
}
