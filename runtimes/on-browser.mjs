// The suite in a page; `packages` is made by the bundler. Files go to the origin's private file system.
import * as shared from "@outhaul/shared";
import { packages } from "packages";
import { runSuite } from "./suite.mjs";

let count = 0;
const place = {
  async target() {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle(`f${count++}`, { create: true });
    return {
      to: handle,
      read: async () => new Uint8Array(await (await handle.getFile()).arrayBuffer()),
    };
  },
  async handle(whole) {
    await whole("plain"); // into a handle, as target gives one
    return "yes";
  },
};
globalThis.run = (setting) => runSuite({ ...setting, shared, packages, place });
