import { expect, it } from "vitest";
import "../download/open.js";
import { base, fakeVendor, workflow } from "../testing/fake-vendor.js";
import type { Reply } from "../workflow/workflow.js";

/** How often a vendor is asked whose poll is the file, of one documented type, and that answers this first and then its file. */
async function pollsUntilFile(documented: string, first: { type: string; text: string }) {
  const { download: _, ...direct } = workflow;
  const poll = {
    ...workflow.poll,
    states: [["succeeded", ({ status }: Reply) => status === 200]],
    status: undefined,
    file: { [documented]: "" },
  };
  const answer = ({ type, text }: typeof first) => ({ status: 200, headers: { "content-type": type }, text });
  const file = answer({ type: documented, text: '{"id":1}\n{"id":2}\n' });
  const setup = fakeVendor({ status: [answer(first), file] });
  const ofFile = { ...direct, poll } as never as typeof workflow;
  const job = await setup.clock.settle(setup.client.start(ofFile, {}));
  return (await setup.clock.settle(job.wait(base))).polls;
}

it.each(["application/x-ndjson", "application/jsonl"])(
  "takes lines of JSON, %s, for the file where the spec documents them",
  async (type) => {
    expect(await pollsUntilFile(type, { type, text: '{"id":1}\n' })).toBe(1);
  },
);

it("takes JSON for a state where the file is something else", async () => {
  const state = { type: "application/json", text: '{"status":"running"}' };
  expect(await pollsUntilFile("application/x-ndjson", state)).toBe(2);
  expect(await pollsUntilFile("text/csv", state)).toBe(2);
});
