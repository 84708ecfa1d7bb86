import { createHash } from "node:crypto";
import { createSandbox, type Sandbox } from "./create-sandbox.js";
import type { ExportFile } from "./job/export-file.js";
import { checkNames } from "./options/check-names.js";
import { checkSandboxOptions, namesOf, type SandboxOptions } from "./sandbox-options.js";
import { type Handler, type OpenServer, openServer } from "./server/open-server.js";
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

/**
 * Starts the vendors of a sandbox and its store, each on its own port.
 * @throws {TypeError} if there is no option of a name
 * @throws {RangeError} if there is no spec for a vendor, or no such word for an option
 */
export async function listen(options: ListenOptions = {}): Promise<Listening> {
  const { host = "127.0.0.1", ports = {}, sandbox: existing, ...rest } = options;
  checkSandboxOptions("listen", options, namesOf(["host", "ports", "sandbox"]));
  const sandbox = existing ?? createSandbox(rest);
  checkNames("listen: ports", ports, namesOf([...Object.keys(sandbox.vendors), "store"]));
  const servers: OpenServer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
  };
  const open = async (name: string, handler: Handler): Promise<string> => {
    const server = await openServer(handler, host, ports[name]);
    servers.push(server);
    return server.origin;
  };

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

export { type ConfiguredVendor, environmentOf, exportLines } from "./vendor/environment.js";
