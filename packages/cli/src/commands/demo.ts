import { join } from "node:path";
import { makeTemporaryFolder } from "../demo/folder.js";
import { createScreen } from "../demo/screen.js";
import { tellStory } from "../demo/story.js";
import { demoVendor } from "../demo/vendor.js";
import { listenForInterrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";

const SIZE_BYTES = 12_000_000;

/** Runs an export against the sandbox, with a cut connection and a killed process, and shows what comes of it. Leaves nothing behind. */
export async function runDemo(io: Io): Promise<void> {
  const begin = performance.now();
  const interrupt = listenForInterrupt();
  const screen = createScreen(io);
  const folder = makeTemporaryFolder();
  try {
    screen.title("An export that loses its connection and its process");
    screen.plain("No account needed: the vendor runs on this machine. Ten seconds; Ctrl-C ends it.");
    const { listen, sha256Of } = await import("@outhaul/sandbox/node");
    const sandbox = await listen({
      vendors: [demoVendor.name],
      jobs: { polls: 3, sizeBytes: SIZE_BYTES },
    });
    try {
      const vendor = sandbox.vendors[demoVendor.name];
      if (!vendor) throw new Error(`the sandbox has no ${demoVendor.name}`);
      const { signal } = interrupt;
      await tellStory({ vendor, to: join(folder.path, "exports/"), screen, signal, sha256Of });
    } finally {
      await sandbox.close();
    }
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    screen.step(`That took ${seconds} s. With an account of your own:`);
    screen.code([
      "$ npx outhaul vendors",
      "$ npm install outhaul @outhaul/<vendor>",
      "$ npx outhaul login <vendor>",
    ]);
  } finally {
    screen.close();
    folder.remove();
    interrupt.dispose();
  }
}
