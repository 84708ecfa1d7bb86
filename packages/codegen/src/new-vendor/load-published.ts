import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

/** The largest document that is read, in bytes. */
const MAX_BYTES = 50_000_000;

/**
 * Reads the text of a vendor's own document, from a file or an address.
 * @throws {Error} with one line that says why it cannot be read
 */
export async function loadPublished(
  from: string,
  root: string,
  fetch: typeof globalThis.fetch,
): Promise<{ text: string; address?: string }> {
  if (/^https?:\/\//i.test(from)) return { text: await download(from, fetch), address: from };
  try {
    return { text: await readFile(resolve(root, from), "utf8") };
  } catch (error) {
    throw new Error(`--openapi ${from} cannot be read: there is no such file, or it is a folder.`, {
      cause: error,
    });
  }
}

async function download(address: string, fetch: typeof globalThis.fetch): Promise<string> {
  if (!URL.canParse(address) || new URL(address).username !== "")
    throw new Error(
      "--openapi is no address of a document, or holds credentials: download it, and give the file.",
    );
  const shown = new URL(address).origin + new URL(address).pathname;
  let response: Response;
  try {
    response = await fetch(address, {
      headers: { accept: "application/json, application/yaml, text/yaml, */*;q=0.1" },
      signal: AbortSignal.timeout(60_000),
    });
  } catch (error) {
    throw new Error(`--openapi ${shown} cannot be reached: download it, and give the file.`, {
      cause: error,
    });
  }
  if (!response.ok)
    throw new Error(
      `--openapi ${shown} answers ${response.status}: download it in a browser, and give the file.`,
    );
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Error(`--openapi ${shown} is bigger than ${MAX_BYTES / 1e6} MB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
