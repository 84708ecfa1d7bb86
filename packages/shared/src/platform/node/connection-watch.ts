import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import type { ConnectionWatch } from "../../http/transport.js";
import { connectionReset, wasReset } from "./connection-reset.js";

/** What undici, which is Node's `fetch` as well, tells of each request that it sends. */
interface SentMessage {
  readonly request: { readonly origin?: string | URL; readonly path: string };
  readonly socket: Socket;
}

const CHANNEL = "undici:client:sendHeaders";

/**
 * Watches the connection of a request that `fetch` is about to send: undici takes a body whose connection is reset as complete, where the connection's
 * end was to be its end. Another request for the same address at the same time may be watched in its stead; then one that was whole is repeated.
 */
export function watchConnection(url: URL): ConnectionWatch {
  let reset: Error | undefined;
  const sockets: Socket[] = [];
  const onError = (error: Error & { code?: string }) => {
    if (error.code === "ECONNRESET") reset ??= error;
  };
  function onEnd(this: Socket) {
    if (wasReset(this)) reset ??= connectionReset();
  }
  const onSent = (message: unknown) => {
    const { request, socket } = message as SentMessage; // as undici documents it
    if (String(request.origin) + request.path !== url.origin + url.pathname + url.search) return;
    sockets.push(socket);
    socket.prependListener("error", onError);
    socket.prependListener("end", onEnd);
  };
  subscribe(CHANNEL, onSent);
  return {
    get reset() {
      return reset;
    },
    sent: () => void unsubscribe(CHANNEL, onSent),
    end() {
      unsubscribe(CHANNEL, onSent);
      for (const socket of sockets.splice(0)) socket.off("error", onError).off("end", onEnd);
    },
  };
}
