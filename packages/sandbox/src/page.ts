import { setTimeout as wait } from "node:timers/promises";
import { checkNames, type OptionSchemas } from "./options/check-names.js";
import { pageRoutes } from "./page/app.js";
import type { VendorInfo } from "./page/client/messages.js";
import { createExamples } from "./page/examples.js";
import { createHub } from "./page/hub.js";
import type { PageVendor } from "./page/page-vendor.js";
import { openServer } from "./server/open-server.js";
import { environmentOf, exportLines } from "./vendor/environment.js";

/** The options of {@link openPage}. */
export interface PageOptions {
  /** The address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** The port of the page. @default a free one */
  readonly port?: number;
  /** The time between two polls of an example export, in milliseconds. @default 1000 */
  readonly pollIntervalMs?: number;
}

/** A live page that is open. */
export interface LivePage {
  /** Its address. */
  readonly url: string;
  /** Ends it, and the example exports that it started. */
  close(): Promise<void>;
}

const optionNames: { readonly [Name in keyof Required<PageOptions>]: object } & OptionSchemas = {
  host: {},
  port: {},
  pollIntervalMs: {},
};

/**
 * Opens a page for people that shows a sandbox that listens: its exports, its requests as they come, and a switch for each fault.
 * @param listening the sandbox, as `listen` of `@outhaul/sandbox/node` gives it
 * @throws {TypeError} if there is no option of a name
 */
export async function openPage(
  { vendors }: { readonly vendors: Readonly<Record<string, PageVendor>> },
  options: PageOptions = {},
): Promise<LivePage> {
  checkNames("openPage", options, optionNames);
  const { host = "127.0.0.1", port = 0, pollIntervalMs = 1000 } = options;
  const all = Object.values(vendors);
  const hub = createHub(all, all.map(vendorInfo));
  const examples = createExamples(
    (info) => hub.send("example", info),
    (signal) => wait(pollIntervalMs, undefined, { signal }),
  );
  const app = pageRoutes(all, hub, examples);
  try {
    const server = await openServer(
      async (request, connection) => app.fetch(request, { connection }),
      host,
      port,
    );
    return {
      url: `${server.origin}/`,
      async close() {
        examples.close();
        hub.close();
        await server.close();
      },
    };
  } catch (error) {
    hub.close();
    throw error;
  }
}

function vendorInfo(vendor: PageVendor): VendorInfo {
  const { name, baseUrl, sandbox } = vendor;
  return {
    name,
    baseUrl,
    environment: exportLines(environmentOf(vendor)),
    workflows: Object.keys(sandbox.examples),
  };
}

export type { PageVendor } from "./page/page-vendor.js";
