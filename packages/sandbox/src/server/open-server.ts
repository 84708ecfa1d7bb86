import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { type Connection, ConnectionLostError } from "../reply/connection.js";

/** What answers requests. */
export type Handler = (request: Request, connection: Connection) => Promise<Response>;

/** A handler that listens on a port. */
export interface OpenServer {
  readonly origin: string;
  /** Breaks all connections and closes the port. */
  close(): Promise<void>;
}

/**
 * Listens on a port with a handler.
 * @throws the system's error if the port is taken or may not be used
 */
export async function openServer(handler: Handler, host: string, port = 0): Promise<OpenServer> {
  const server: Server = createServer(listenerOf(handler));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  // A server on a port has an address of this type.
  const address = server.address() as AddressInfo;
  return {
    origin: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

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
