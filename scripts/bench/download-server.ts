import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";

/** nginx with files to download. */
export interface FileServer {
  url(scheme: "http" | "https", file: string): string;
  /** What a client has to trust. */
  readonly certificate: string;
  /** Ends the server. */
  stop(): void;
}

/** Starts nginx on free ports of loopback, over HTTP and HTTPS, with files of so many bytes. */
export async function startNginx(
  { nginx, openssl }: { nginx: string; openssl: string },
  folder: string,
  files: Readonly<Record<string, number>>,
): Promise<FileServer> {
  mkdirSync(`${folder}/www`, { recursive: true });
  writeFileSync(`${folder}/www/up`, "");
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(`${folder}/www/${name}`, "");
    truncateSync(`${folder}/www/${name}`, bytes); // holes: it takes no room
  }
  const certificate = `${folder}/certificate.pem`;
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const key = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    `${folder}/key.pem`,
  ];
  execFileSync(openssl, ["req", "-x509", "-days", "2", ...key, "-out", certificate, ...subject], {
    stdio: "ignore",
  });
  const ports = { http: await freePort(), https: await freePort() };
  writeFileSync(`${folder}/nginx.conf`, configuration(folder, ports));
  const child = spawn(nginx, ["-p", folder, "-c", `${folder}/nginx.conf`, "-e", "stderr"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const url = (scheme: "http" | "https", file: string) => `${scheme}://127.0.0.1:${ports[scheme]}/${file}`;
  for (let tries = 0; ; tries++) {
    const up = await fetch(url("http", "up")).catch(() => undefined);
    if (up) break;
    if (tries > 100 || child.exitCode !== null) throw new Error("nginx does not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { url, certificate, stop: () => void child.kill() };
}

function configuration(folder: string, { http, https }: { http: number; https: number }): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  server {
    listen 127.0.0.1:${http};
    listen 127.0.0.1:${https} ssl;
    ssl_certificate ${folder}/certificate.pem;
    ssl_certificate_key ${folder}/key.pem;
    root ${folder}/www;
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}
