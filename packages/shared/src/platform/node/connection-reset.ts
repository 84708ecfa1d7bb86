import type { Socket } from "node:net";

/** True if a connection that has ended was reset: a reset that comes right behind the last bytes is told as their end, but the other side's address is gone. */
export function wasReset({ localAddress, remoteAddress }: Socket): boolean {
  return localAddress !== undefined && remoteAddress === undefined; // other streams than TCP have neither
}

/** The error of a connection that the other side has reset. */
export function connectionReset(): Error {
  return Object.assign(new Error("the connection was reset"), { code: "ECONNRESET" });
}
