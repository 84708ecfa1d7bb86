import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { DownloadError } from "../errors/download-error.js";
import type { DownloadOptions } from "../file/options.js";
import type { Download } from "../file/result.js";
import { testClock } from "../testing/download-clock.js";
import { base, fakeVendor, type Scripted, workflow } from "../testing/fake-vendor.js";
import { testFolder } from "../testing/folder.js";

const SECRET = "secret-token";
const ONCE = { retry: { attempts: 1 } };
/** What a server says that repeats the request to whoever asks. */
const echo = (more: Record<string, string> = {}): Scripted => ({
  status: 200,
  text: `you sent ${SECRET}`,
  headers: { "content-type": "text/plain", ...more },
});
/** A CSV that ends before its length. */
const cut: Scripted = {
  status: 200,
  text: "a,b",
  headers: { "content-type": "text/csv", "content-length": "9" },
};

/** A vendor of the usual kind, and one whose poll is the file. */
const vendors = {
  "a vendor with a download": workflow,
  "a vendor whose poll is the file": (() => {
    const { download: _, ...direct } = workflow;
    const succeeded = ["succeeded", (reply: { status: number }) => reply.status === 200];
    return {
      ...direct,
      poll: { ...workflow.poll, states: [succeeded], status: undefined, file: { "*/*": "" } },
    };
  })() as never as typeof workflow,
};

async function finished(which: keyof typeof vendors, file: Scripted) {
  const isDirect = which === "a vendor whose poll is the file";
  const script = isDirect ? { status: [file] } : { file: [file] };
  const { client } = fakeVendor(script, { clock: testClock() });
  return client.start(vendors[which], {});
}

/** The error that a promise ends with. */
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );

/** All that a log may show of an error, and the body that it keeps. */
const shown = (error: unknown) =>
  `${inspect(error, { depth: 20, showHidden: true })} ${(error as DownloadError).body}`;

describe.each(Object.keys(vendors) as (keyof typeof vendors)[])("an error of the file of %s", (which) => {
  it.each<[string, Scripted, Omit<DownloadOptions, "signal">]>([
    ["UNEXPECTED_TYPE", echo(), { expectType: "text/csv" }],
    ["UNSUPPORTED_ENCODING", echo({ "content-encoding": "foo" }), {}],
    ["UNEXPECTED_CONTENT", echo(), { sniff: "a,b" }],
    ["TOO_LARGE", echo({ "content-length": "2" }), { maxBytes: 1 }],
  ])("%s holds no secret, but the token", async (code, file, options) => {
    const job = await finished(which, file);
    const error = await failure(
      job.download({ ...base, ...ONCE, ...options }).then((download) => download.bytes()),
    );
    expect(error).toMatchObject({ code, token: job.token, vendor: "acme", jobId: "j1" });
    expect(shown(error)).not.toContain(SECRET);
  });

  it("that breaks off in memory, in a stream or on its way to disk carries the token", async () => {
    const folder = await testFolder();
    const ways: ((download: Download) => Promise<unknown>)[] = [
      (download) => download.text(),
      (download) => new Response(download.body).text(),
      (download) => download.save(folder.file("f")),
    ];
    for (const take of ways) {
      const job = await finished(which, cut);
      const error = await failure(job.download({ ...base, ...ONCE }).then(take));
      expect(error).toMatchObject({ code: "INCOMPLETE", token: job.token, jobId: "j1" });
    }
  });
});
