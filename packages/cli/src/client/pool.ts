import type { Io } from "../terminal/io.js";
import { installedVendor } from "../vendors/installed-vendors.js";
import type { Account } from "./account.js";
import { type AnyClient, type ConnectOptions, connect } from "./connect.js";

/** The clients of several exports. Exports of one account share a client, and so its rate limits. */
export interface ClientPool {
  get(vendor: string, account: Account): Promise<AnyClient>;
}

/** Creates an empty pool. */
export function createClientPool(io: Io, connectOptions: ConnectOptions): ClientPool {
  const clients = new Map<string, Promise<AnyClient>>();
  return {
    get(vendor, account) {
      const key = JSON.stringify([vendor, account]);
      const client =
        clients.get(key) ?? connect(installedVendor(vendor, io.cwd), account, io, connectOptions);
      clients.set(key, client);
      return client;
    },
  };
}
