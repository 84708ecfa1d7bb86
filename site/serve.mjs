// Serves the built site on loopback, with a policy that allows nothing from elsewhere and no code made of texts.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("dist/", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};
/** VitePress and TypeDoc have small scripts in their pages. */
const POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'";

export async function serveSite() {
  const server = createServer(async ({ url = "/" }, reply) => {
    const { pathname } = new URL(url, "http://localhost");
    const path = join(dist, normalize(decodeURIComponent(pathname)));
    const files = path.startsWith(dist) ? [path, `${path}.html`, join(path, "index.html")] : [];
    for (const file of files) {
      const body = await readFile(file).catch(() => undefined);
      if (!body) continue;
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      reply.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
      return;
    }
    reply.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
