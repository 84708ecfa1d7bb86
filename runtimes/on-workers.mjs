// The suite in a Worker; `packages` is made by the bundler.
import * as shared from "@outhaul/shared";
import { packages } from "packages";
import { memory, runSuite } from "./suite.mjs";

export default {
  async fetch(request) {
    const place = { target: async () => memory() };
    return Response.json(await runSuite({ ...(await request.json()), shared, packages, place }));
  },
};
