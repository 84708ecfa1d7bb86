import { type Context, Hono } from "hono";
import type { Connection } from "../reply/connection.js";
import { limitBody } from "../request/limit-body.js";
import { refuseForeignSites } from "../vendor/admin-access.js";
import { pageDocument } from "./document.js";
import type { Examples } from "./examples.js";
import type { Hub } from "./hub.js";
import type { PageVendor } from "./page-vendor.js";

type Env = { Bindings: { readonly connection: Connection } };

/** The longest body of a request to the page's server, in bytes: that of the endpoints behind it. */
const MAX_BODY_BYTES = 1024 * 1024;

/** The routes of the page: itself, its events, its example exports, and the admin endpoints of every vendor. One check of hosts and origins is before all of them. */
export function pageRoutes(vendors: readonly PageVendor[], hub: Hub, examples: Examples): Hono<Env> {
  const app = new Hono<Env>();
  const vendorOf = (c: Context<Env>) => vendors.find(({ name }) => name === c.req.param("vendor"));
  app.use(refuseForeignSites);
  app.use(
    limitBody<Env>(MAX_BODY_BYTES, (c) =>
      c.json({ error: `a body has at most ${MAX_BODY_BYTES} bytes here` }, 413),
    ),
  );
  app.get("/", (c) => {
    const { html, headers } = pageDocument();
    return c.body(html, 200, headers);
  });
  app.get("/events", (c) => {
    const response = hub.open(() => c.env.connection.destroy());
    return response ?? c.json({ error: "too many pages are open" }, 503);
  });
  app.post("/vendors/:vendor/examples/:workflow", (c) => {
    const vendor = vendorOf(c);
    const workflow = c.req.param("workflow");
    if (!vendor || !Object.hasOwn(vendor.sandbox.examples, workflow))
      return c.json({ error: "there is no such export" }, 404);
    return examples.start(vendor, workflow)
      ? c.body(null, 202)
      : c.json({ error: "so many examples are running already; wait for one to end" }, 429);
  });
  app.all("/vendors/:vendor/_sandbox/*", async (c) => {
    const vendor = vendorOf(c);
    if (!vendor) return c.json({ error: "there is no such vendor" }, 404);
    const { raw, method, url } = c.req;
    const { pathname, search, origin } = new URL(url);
    const inner = origin + pathname.slice(pathname.indexOf("/_sandbox")) + search;
    const body = method === "GET" || method === "HEAD" ? null : await raw.text();
    return vendor.sandbox.handler(new Request(inner, { method, headers: raw.headers, body: body || null }));
  });
  app.notFound((c) => c.json({ error: "there is no such page" }, 404));
  return app;
}
