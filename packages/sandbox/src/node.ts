import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createSandbox, type Sandbox, type SandboxOptions } from "./create-sandbox.js";
import type { ExportFile } from "./job/export-file.js";
import { type Connection, ConnectionLostError } from "./reply/connection.js";
import type { SandboxVendor } from "./vendor/sandbox-vendor.js";

/** The options of {@link listen}. */
export interface ListenOptions extends SandboxOptions {
  /** An existing sandbox; the options that create one are ignored then. */
  readonly sandbox?: Sandbox;
  /** The address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** The port of each vendor, by name, and of the store (`store`). @default free ports */
  readonly ports?: Readonly<Record<string, number>>;
}

/** A vendor that listens. */
export interface ListeningVendor {
  readonly name: string;
  /** The `baseUrl` of the vendor's client. */
  readonly baseUrl: string;
  /** The address with the path of the vendor's server, for other programs such as Redocly Respect or curl. */
  readonly serverUrl: string;
  /** The options that the vendor's client needs: `baseUrl`, credentials, and the variables of its server. */
  readonly clientOptions: Readonly<Record<string, string>>;
  /** The vendor in the sandbox. */
  readonly sandbox: SandboxVendor;
}

/** A sandbox that listens. */
export interface Listening {
  readonly sandbox: Sandbox;
  readonly vendors: Readonly<Record<string, ListeningVendor>>;
  readonly storeOrigin: string;
  /** Closes all connections and ports. */
  close(): Promise<void>;
}

/** Starts the vendors of a sandbox and its store, each on its own port. */
export async function listen(options: ListenOptions = {}): Promise<Listening> {
  const { host = "127.0.0.1", ports = {}, sandbox = createSandbox(options) } = options;
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(
      servers.map((server) => {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        return closed;
      }),
    );
  };

  async function open(name: string, handler: Handler): Promise<string> {
    const server = createServer(listenerOf(handler));
    servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(ports[name] ?? 0, host, resolve);
    });
    // A server on a port has an address of this type.
    const { port } = server.address() as AddressInfo;
    return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  }

  try {
    const storeOrigin = await open("store", (request, connection) =>
      sandbox.store.handler(request, connection),
    );
    sandbox.store.origin = storeOrigin;
    const vendors: Record<string, ListeningVendor> = {};
    for (const vendor of Object.values(sandbox.vendors)) {
      const baseUrl = await open(vendor.name, vendor.handler);
      vendors[vendor.name] = {
        name: vendor.name,
        baseUrl,
        serverUrl: baseUrl + vendor.basePath,
        clientOptions: { baseUrl, ...vendor.credentials, ...vendor.variables },
        sandbox: vendor,
      };
    }
    return { sandbox, vendors, storeOrigin, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The SHA-256 of a file in hexadecimal. The file is not kept in memory. */
export function sha256Of(file: Pick<ExportFile, "chunks">): string {
  const hash = createHash("sha256");
  for (const chunk of file.chunks()) hash.update(chunk);
  return hash.digest("hex");
}

type Handler = (request: Request, connection: Connection) => Promise<Response>;

function listenerOf(handler: Handler) {
  return getRequestListener(
    async (request, { incoming }) => {
      const connection = { destroy: () => void incoming.socket.destroy() };
      const response = await handler(request, connection);
      // Otherwise the adapter buffers a short body to find its length.
      if (response.body && !response.headers.has("content-length")) {
        response.headers.set("transfer-encoding", "chunked");
      }
      return response;
    },
    {
      overrideGlobalObjects: false,
      errorHandler(error) {
        if (!(error instanceof ConnectionLostError))
          return new Response("The sandbox itself failed.\n", { status: 500 });
      },
    },
  );
}
