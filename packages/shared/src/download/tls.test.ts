import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { selfSigned } from "../testing/certificate.js";
import { testClock } from "../testing/download-clock.js";
import { testFolder } from "../testing/folder.js";
import { chunked, rawServer, whole } from "../testing/raw-server.js";
import { download, downloadTo } from "./download.js";

const S = Buffer.alloc(100_000, "outhaul");
const { key, cert } = selfSigned();
const SECRETS = { authorization: "Bearer secret", "x-key": "secret", accept: "text/csv" };

/** A server over TLS; the certificate is its own. */
async function secureServer(answer: http.RequestListener) {
  const seen: string[] = [];
  const server = https.createServer({ key, cert }, (request, response) => {
    seen.push(`${request.url} ${sentHeaders(request.headers)}`);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  const address = server.address();
  return { seen, origin: `https://127.0.0.1:${typeof address === "object" ? address?.port : ""}` };
}

/** Which headers of a request are the caller's. */
function sentHeaders(headers: object): string {
  return Object.keys(headers)
    .filter((name) => name in SECRETS)
    .sort()
    .join(",");
}

function trusting(): https.Agent {
  const agent = new https.Agent({ ca: cert, keepAlive: true });
  onTestFinished(() => agent.destroy());
  return agent;
}

describe("TLS", () => {
  it("48. refuses a certificate that nobody has vouched for, at once and with nothing left", async () => {
    const server = await secureServer((_request, response) => response.end(S));
    const folder = await testFolder();
    await expect(
      downloadTo(server.origin, folder.file("f"), { clock: testClock(), headers: SECRETS }),
    ).rejects.toMatchObject({
      code: "INCOMPLETE",
      attempts: 1,
      cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    });
    expect(server.seen).toEqual([]);
    expect(await folder.names()).toEqual([]);
  });

  it("downloads over TLS with an agent that knows the certificate, and goes on after a cut", async () => {
    const server = await secureServer((request, response) => {
      const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
      response.setHeader("etag", '"v1"');
      if (from) {
        response.writeHead(206, { "content-range": `bytes ${from}-${S.length - 1}/${S.length}` });
        response.end(S.subarray(from));
      } else {
        response.writeHead(200, { "content-length": S.length });
        response.write(S.subarray(0, 40_000), () => response.destroy());
      }
    });
    const folder = await testFolder();
    const saved = await downloadTo(server.origin, folder.file("f"), {
      clock: testClock(),
      agent: trusting(),
    });
    expect(saved).toMatchObject({ integrity: "length", attempts: 2 });
    expect((await folder.read("f")).equals(S)).toBe(true);
  });

  it("61, 65, 66. keeps a list of which request carried which header, over redirects", async () => {
    const plain = await rawServer(whole(S));
    const store = await secureServer((request, response) => {
      if (request.url === "/down") response.writeHead(302, { location: plain.url() });
      response.end(S);
    });
    const vendor = await secureServer((request, response) => {
      const to = request.url === "/file" ? "/moved" : `${store.origin}/stored`;
      response.writeHead(302, { location: request.url === "/down" ? `${store.origin}/down` : to }).end();
    });
    const options = { headers: SECRETS, agent: trusting(), clock: testClock() };
    expect(await (await download(`${vendor.origin}/file`, options)).bytes()).toHaveLength(S.length);
    await expect(download(`${vendor.origin}/down`, options)).rejects.toMatchObject({
      code: "INSECURE_REDIRECT",
    });
    expect(vendor.seen).toEqual([
      "/file accept,authorization,x-key",
      "/moved accept,authorization,x-key",
      "/down accept,authorization,x-key",
    ]);
    expect(store.seen).toEqual(["/stored accept", "/down accept"]);
    expect(plain.requests).toEqual([]);
  });
});

describe("an agent", () => {
  it("makes the connections, so that it can lead them through a proxy", async () => {
    const server = await rawServer(chunked([S]));
    const through: string[] = [];
    const { port } = new URL(server.origin);
    const agent = new (class extends http.Agent {
      override createConnection(options: net.NetConnectOpts): net.Socket {
        through.push("host" in options ? String(options.host) : "");
        return net.connect(Number(port), "127.0.0.1");
      }
    })();
    const file = await download("http://vendor.example/file.csv", { agent });
    expect(await file.bytes()).toHaveLength(S.length);
    expect(through).toEqual(["vendor.example"]);
    expect(server.requests[0]?.headers["host"]).toBe("vendor.example");
  });
});
