import { PassThrough } from "node:stream";
import type { ExportJob } from "@outhaul/shared";
import { expect, it } from "vitest";
import type { AnyClient } from "../client/connect.js";
import { DiskError } from "../errors/command-error.js";
import { exitCodeOf } from "../errors/exit-code.js";
import { createReporter } from "../report/reporter.js";
import type { ManifestEntry } from "./manifest.js";
import { performTask } from "./perform.js";

const entry: ManifestEntry = {
  name: "contacts",
  fingerprint: "f",
  vendor: "acme",
  workflow: "exportAll",
  state: "starting",
  options: {},
  target: "/tmp/",
  startedAt: "2026-11-22T08:00:00Z",
};
const planned = { ...entry, request: {} } as never; // only the request is read

it.each([{}, { quiet: true }, { json: true }])(
  "2.11: the token is told on stderr although the manifest cannot be written: %o",
  async (flags) => {
    let text = "";
    const stderr = new PassThrough().setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    }) as unknown as NodeJS.WriteStream; // the program only writes to it
    const stdout = new PassThrough().resume() as unknown as NodeJS.WriteStream;
    const io = { env: {}, cwd: "/", stdin: process.stdin, stdout, stderr };
    const job = { id: "7", token: "v1.the-token" } as ExportJob; // it is not waited for
    let toldBefore = "";
    const manifest = {
      entries: [],
      put({ state }: ManifestEntry) {
        if (state === "starting") return;
        toldBefore ||= text;
        throw new DiskError("cannot write m.json: ENOSPC");
      },
      release: async () => {},
    };
    const client = { start: async () => job } as unknown as AnyClient; // nothing else is called
    const failure = await performTask(
      { entry, planned },
      {
        clients: { get: async () => client },
        manifest,
        reporter: createReporter(io, flags),
        options: {},
        signal: new AbortController().signal,
        cancelOnInterrupt: false,
        json: "json" in flags,
        stdout,
        stderr,
      },
    ).catch((error: unknown) => error);
    await new Promise((resolve) => setImmediate(resolve));
    expect(exitCodeOf(failure)).toBe(6);
    expect(text).toContain("outhaul resume v1.the-token\n");
    if (Object.keys(flags).length === 0) expect(toldBefore).toContain("contacts  token  v1.the-token\n");
  },
);
