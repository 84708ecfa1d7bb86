/** The same sandbox, but a page of another origin may ask it and read all it says. */
export function cors(sandbox) {
  const allow = (handler) => async (request, connection) => {
    const reply =
      request.method === "OPTIONS" ? new Response(null, { status: 204 }) : await handler(request, connection);
    reply.headers.set("access-control-allow-origin", "*");
    reply.headers.set("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE");
    reply.headers.set(
      "access-control-allow-headers",
      request.headers.get("access-control-request-headers") ?? "*",
    );
    reply.headers.set("access-control-expose-headers", "*");
    return reply;
  };
  const wrap = (part) =>
    new Proxy(part, { get: (of, key) => (key === "handler" ? allow(of.handler) : of[key]) });
  return {
    ...sandbox,
    store: wrap(sandbox.store),
    vendors: Object.fromEntries(
      Object.entries(sandbox.vendors).map(([name, vendor]) => [name, wrap(vendor)]),
    ),
  };
}
