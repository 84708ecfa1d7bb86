/** Signs a link to an object of the store, as file stores do: with its path and the time it expires. */
export async function signLink(secret: string, path: string, expires: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(`GET\n${path}\n${expires}`));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}
