import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { settled } from "../testing/fake-run.js";
import {
  base,
  created,
  done,
  fakeVendor,
  findable,
  run,
  type Script,
  type Scripted,
  state,
  status,
  workflow,
} from "../testing/fake-vendor.js";

/** What must never come out: characters that change in a URL, in JSON and in base64 are among them. */
const SECRETS = {
  apiKey: 'key/birdie+"1"=',
  oauthToken: "oauth birdie~2?é",
  cookie: "session=birdie-3",
  signature: "X-Signature=birdie%2F4",
  webhookSecret: "whsec_birdie&5",
  rowValue: "mia.birdie6@example.com",
};

/** The forms in which a secret may be repeated. */
function formsOf(secret: string): string[] {
  const percent = encodeURIComponent(secret);
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  return [
    ...[secret, JSON.stringify(secret).slice(1, -1), percent],
    ...[percent.replace(/%../g, (code) => code.toLowerCase()), percent.replaceAll("%20", "+")],
    ...[base64, base64.replaceAll("+", "-").replaceAll("/", "_")],
  ];
}

const SIGNED = `https://files.test/j1?${SECRETS.signature}&expires=9`;
const headers = { "set-cookie": SECRETS.cookie, "x-request-id": "r-1" };
const rows = { rows: [{ email: SECRETS.rowValue }] };
const told = (word: unknown, more: Record<string, unknown> = {}) =>
  state(word, { ...rows, url: SIGNED, ...more });
const cut: Scripted = { status: 200, text: `{"rows":[{"email":"${SECRETS.rowValue}"},{"ema`, headers };
/** What a vendor may answer that repeats the credential it was sent, in every form, and says where the file is. */
function scripts(credential: string): Record<string, Script> {
  const echo = `${SIGNED} ${formsOf(credential).join(" ")}`;
  const error = (code: number, more: Record<string, string> = {}) =>
    status(code, { ...headers, ...more }, { message: echo, ...rows });
  const page: Scripted = {
    status: 200,
    text: `<html><script>${SECRETS.rowValue}</script><a href="${SIGNED}">Log in</a> ${echo}</html>`,
    headers: { ...headers, "content-type": "text/html" },
  };
  return {
    "done at once": { status: [told("done")] },
    "runs, then done": { status: [told("running", { done: 1, total: 2 }), told("done")] },
    "an id in a signed Location": { create: [status(202, { location: `/exports/j7`, ...headers }, rows)] },
    "a refused create": { create: [error(400)] },
    "a create that is refused for good": { create: [error(401)] },
    "a create that is limited": { create: [error(429, { "retry-after": "7" }), created()] },
    "a create whose reply is lost": { create: [{ fail: "reset" }], status: [told("running")] },
    "a create that is answered with half a body": { create: [cut], status: [told("running")] },
    "a create that is answered without an id": { create: [status(202, headers, rows)] },
    "a vendor that cannot be reached": { create: [{ fail: "refused" }] },
    "a failed job": {
      status: [told("failed", { reason: { code: "E1", message: "failed", cause: { message: echo } } })],
    },
    "a failed job with a text": { status: [told("failed", { reason: echo })] },
    "a cancelled job": { status: [told("cancelled")] },
    "an unknown word": { status: [told(echo)] },
    "no status": { status: [told(undefined), done] },
    "a status of a wrong type": { status: [told({ rows }), done] },
    "an error in a 200": { status: [told("running", { error: true, message: echo }), done] },
    "half a body": { status: [cut, done] },
    "a page": { status: [page, done] },
    "failures for ever": { status: [error(503)] },
    "broken connections": { status: [{ fail: "reset" }] },
    "a silent vendor": { status: ["hang"] },
    "a refusal": { status: [error(400)] },
    "a forbidden job": { status: [error(403)] },
    "wrong credentials later": { status: [run, error(401)] },
    "a job that is gone": { status: [run, error(404)] },
    "an expired job": { status: [error(410)] },
    "a redirect to elsewhere": { status: [status(302, { location: SIGNED, ...headers }, rows)] },
    "a cancel that fails": { status: [run], cancel: [error(500)] },
    "a cancel that is refused": { status: [run], cancel: [error(400)] },
  };
}

describe("106. no secret comes out", () => {
  const cases = (["apiKey", "oauthToken"] as const).flatMap((credential) =>
    Object.entries(scripts(SECRETS[credential])).map(([script, replies]) => ({
      credential,
      script,
      replies,
    })),
  );
  it.each(cases)("$script, with $credential", async ({ credential, replies }) => {
    const secret = SECRETS[credential];
    const token = credential === "apiKey" ? secret : async () => secret;
    const log: unknown[] = [];
    const setup = fakeVendor(replies, { token, onEvent: (event) => log.push(event) });
    for (const kind of [workflow, findable]) {
      const request = { name: "Active", webhook: { secret: SECRETS.webhookSecret } };
      const { value: job, error: refused } = await settled(setup, setup.client.start(kind, request));
      log.push(refused);
      if (!job) continue;
      const events = (async () => {
        for await (const event of job.events({ ...base, timeoutMs: 400_000 })) log.push(event);
      })();
      events.catch(() => {});
      log.push((await settled(setup, job.refresh())).error);
      if (replies.cancel) log.push((await settled(setup, job.cancel())).error);
      log.push((await settled(setup, events)).error);
      const { error: failed } = await settled(setup, job.wait({ ...base, timeoutMs: 30_000 }));
      log.push(failed, job.token, job.snapshot, atob(job.token.split(".")[1]?.replace(/[-_]/g, "+") ?? ""));
      try {
        setup.client.resume(`${job.token}x`);
      } catch (thrown) {
        log.push(thrown);
      }
    }
    const out = log.map((entry) => `${JSON.stringify(entry)}\n${describeFully(entry)}`).join("\n");
    expect(
      Object.values(SECRETS)
        .flatMap(formsOf)
        .filter((form) => out.includes(form)),
    ).toEqual([]);
    expect(out).not.toMatch(/birdie/i);
  });
});

/** What a log makes of it, with the messages and the stacks of all its errors. */
function describeFully(entry: unknown): string {
  return `${inspect(entry, { depth: 20 })}\n${entry instanceof Error ? `${entry.message}\n${entry.stack}` : ""}`;
}
