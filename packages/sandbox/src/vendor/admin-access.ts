import type { MiddlewareHandler } from "hono";

/**
 * Refuses what a web page could send to the admin endpoints: a request under a foreign host name (a name that an attacker's DNS leads here), and a request of
 * another site. Programs and people who open the pages send neither.
 */
export const refuseForeignSites: MiddlewareHandler = async (c, next) => {
  const host = c.req.header("host") ?? "";
  if (host !== "" && !isLocalName(host))
    return c.json(
      { error: `the sandbox is not controlled as ${host}: use localhost or its IP address` },
      403,
    );
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site") ?? "none";
  const isForeign = origin !== undefined && origin !== new URL(c.req.url).origin;
  if (isForeign || !["same-origin", "none"].includes(site))
    return c.json({ error: "the sandbox is not controlled by pages of another site" }, 403);
  return next();
};

/** True for `localhost`, an IP address, and a name without a dot, such as a container's: no public name leads there. */
function isLocalName(host: string): boolean {
  let name: string;
  try {
    name = new URL(`http://${host}`).hostname;
  } catch {
    return false;
  }
  return !name.includes(".") || name.endsWith(".localhost") || /^\d+(\.\d+){3}$/.test(name);
}
