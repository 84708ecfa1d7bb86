import type { RequestRecord } from "../request/request-log.js";
import type { Messages, RequestInfo, VendorInfo } from "./client/messages.js";
import { createEventStream, eventOf } from "./event-stream.js";
import type { PageVendor } from "./page-vendor.js";
import { createSwitches } from "./switches.js";

/** Gathers what changes, and tells the pages. */
export interface Hub {
  /** The events for one more page, which begin with how things are now. Undefined if there are too many pages. */
  open(destroy: () => void): Response | undefined;
  send<Name extends keyof Messages>(name: Name, data: Messages[Name]): void;
  close(): void;
}

/** What a page keeps, and is told when it comes. */
const KEEP = { requests: 300, exports: 50 };
/** The time in which changes are gathered into one message. */
const GATHER_MS = 100;

/** Watches vendors. Nothing is gathered while no page listens. */
export function createHub(vendors: readonly PageVendor[], infos: readonly VendorInfo[]): Hub {
  const stream = createEventStream();
  const changed = new Set<PageVendor>();
  const requests = new Map<string, RequestInfo>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hello = eventOf("hello", {
    vendors: infos,
    switches: createSwitches(),
    keep: KEEP,
  } satisfies Messages["hello"]);

  const send: Hub["send"] = (name, data) => stream.send(eventOf(name, data));

  function flush(): void {
    timer = undefined;
    if (requests.size) send("requests", [...requests.values()]);
    requests.clear();
    const told = [...changed];
    changed.clear();
    for (const vendor of told) {
      const message = vendorMessage(vendor);
      send("vendor", message);
      // Exports that end by the clock change without a request.
      if (
        vendor.sandbox.jobs(KEEP.exports).some(({ options, fraction }) => options.durationMs && fraction < 1)
      )
        later(vendor);
    }
  }

  function later(vendor: PageVendor): void {
    if (!stream.hasListeners) return;
    changed.add(vendor);
    timer ??= setTimeout(flush, GATHER_MS);
  }

  const ends = vendors.map((vendor) =>
    vendor.sandbox.watch((change) => {
      if (!stream.hasListeners) return;
      if (change.kind === "reset") {
        for (const [key, { vendor: name }] of requests) if (name === vendor.name) requests.delete(key);
        send("reset", { vendor: vendor.name });
      }
      if (change.kind === "request") {
        const { record } = change;
        // Those that would not be kept need not be sent.
        if (requests.size >= KEEP.requests) requests.delete(requests.keys().next().value ?? "");
        requests.set(`${vendor.name} ${record.number}`, requestInfo(vendor, record));
      }
      later(vendor);
    }),
  );

  return {
    open(destroy) {
      const latest = vendors
        .flatMap((vendor) =>
          vendor.sandbox.requests(KEEP.requests).map((record) => requestInfo(vendor, record)),
        )
        .sort((a, b) => a.at - b.at)
        .slice(-KEEP.requests);
      const first = [
        hello,
        ...vendors.map((vendor) => eventOf("vendor", vendorMessage(vendor))),
        eventOf("requests", latest),
      ];
      const response = stream.open(first, destroy);
      if (response) for (const vendor of vendors) later(vendor);
      return response;
    },
    send,
    close() {
      for (const end of ends) end();
      clearTimeout(timer);
    },
  };
}

function vendorMessage({ name, sandbox }: PageVendor): Messages["vendor"] {
  const jobs = sandbox.jobs(KEEP.exports);
  return {
    name,
    jobs: jobs.map(({ id, workflow, state, fraction, polls, createdAt, file }) => ({
      id,
      workflow,
      state,
      fraction,
      polls,
      createdAt,
      fileName: file.fileName,
    })),
    faults: sandbox.faults().map(({ id, fault: { kind, ...fields }, left }) => ({ id, kind, fields, left })),
  };
}

/** A request without the names of its headers and parameters. The record has no values. */
function requestInfo(
  { name }: PageVendor,
  { number, at, method, path, operation, job, status, endedAt, fault }: RequestRecord,
): RequestInfo {
  return { vendor: name, number, at, method, path, operation, job, status, endedAt, fault };
}
