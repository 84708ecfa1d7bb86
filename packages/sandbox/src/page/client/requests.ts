import { byId, create, setText } from "./dom.js";
import type { RequestInfo } from "./messages.js";
import type { View } from "./view.js";

/** The least time between two announcements to a screen reader. */
const ANNOUNCE_MS = 5000;

/** Creates the log of requests, the latest first. It keeps as many as the server says. */
export function createRequests(view: View) {
  const body = byId("requests");
  const rows = new Map<string, { element: HTMLTableRowElement; info: RequestInfo }>();
  let unsaid: RequestInfo[] = [];
  let isWaiting = false;

  function announce(): void {
    isWaiting = false;
    const last = unsaid.at(-1);
    if (!last) return;
    const count = unsaid.length === 1 ? "A request" : `${unsaid.length} requests`;
    setText(byId("requests-told"), `${count}; the last: ${last.method} ${pathOf(last)}, ${answerOf(last)}`);
    unsaid = [];
    announceIn(ANNOUNCE_MS);
  }

  function announceIn(ms: number): void {
    if (!isWaiting) window.setTimeout(announce, ms);
    isWaiting = true;
  }

  function count(): void {
    const shown = [...rows.values()].filter(({ info }) => view.isShown(info.vendor)).length;
    setText(byId("requests-count"), String(shown));
    byId("no-requests").hidden = shown > 0;
  }

  return {
    /** Adds requests, or completes those that are there. */
    add(infos: readonly RequestInfo[], { isNew }: { isNew: boolean }): void {
      for (const info of infos) {
        const key = `${info.vendor} ${info.number}`;
        const known = rows.get(key);
        const element = rowOf(info);
        if (isNew && !known) element.classList.add("new");
        element.hidden = !view.isShown(info.vendor);
        if (known) known.element.replaceWith(element);
        else body.prepend(element);
        rows.set(key, { element, info });
        if (isNew && !known && view.isShown(info.vendor)) unsaid.push(info);
      }
      const keep = view.hello?.keep.requests ?? 100;
      for (const [key, { element }] of rows) {
        if (rows.size <= keep) break;
        element.remove();
        rows.delete(key);
      }
      unsaid = unsaid.slice(-keep);
      count();
      if (unsaid.length) announceIn(500);
    },
    /** Shows the requests of the vendors that are shown. */
    show(): void {
      for (const { element, info } of rows.values()) element.hidden = !view.isShown(info.vendor);
      count();
    },
    /** Forgets the requests of a vendor, or all. */
    clear(vendor?: string): void {
      for (const [key, { element, info }] of rows) {
        if (vendor !== undefined && info.vendor !== vendor) continue;
        element.remove();
        rows.delete(key);
      }
      unsaid = [];
      count();
    },
  };
}

function rowOf(info: RequestInfo): HTMLTableRowElement {
  const { at, vendor, method, operation, job, status, endedAt, fault } = info;
  const details = [operation, job].filter((text) => text !== undefined && text !== "(store)").join(" · ");
  const took = endedAt === undefined || endedAt - at < 1 ? "" : ` ${endedAt - at} ms`;
  return create(
    "tr",
    {},
    create("td", { class: "time" }, create("time", { datetime: new Date(at).toISOString() }, timeOf(at))),
    create("td", { class: "vendor" }, vendor),
    create(
      "td",
      { class: "what" },
      create("span", { class: "method" }, method),
      create("code", {}, pathOf(info)),
      details ? create("small", {}, details) : undefined,
    ),
    create(
      "td",
      { class: "status" },
      create(
        "span",
        { class: "code", "data-class": classOf(info) },
        status === undefined ? wordOf(info) : String(status),
      ),
      fault === undefined ? create("small", {}, took) : create("small", { class: "fault-tag" }, fault),
    ),
  );
}

function pathOf({ path }: RequestInfo): string {
  return path ?? "(not in the spec)";
}

function answerOf(info: RequestInfo): string {
  return info.status === undefined ? wordOf(info) : `answered ${info.status}`;
}

function wordOf({ endedAt }: RequestInfo): string {
  return endedAt === undefined ? "open" : "broken";
}

function classOf({ status, endedAt }: RequestInfo): string {
  if (status === undefined) return endedAt === undefined ? "open" : "bad";
  if (status < 300) return "good";
  return status < 400 ? "moved" : status < 500 ? "refused" : "bad";
}

function timeOf(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
