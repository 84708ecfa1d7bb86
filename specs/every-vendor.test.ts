import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentOf } from "@outhaul/sandbox/node";
import {
  ApiError,
  CreateAmbiguousError,
  DownloadError,
  type ExportJob,
  type JobEvent,
  JobFailedError,
  OuthaulError,
  ResumeTokenError,
  type SavedFile,
} from "@outhaul/shared";
import { describe, expect, it } from "vitest";
import { snakeCase } from "../packages/codegen/src/text/names.js";
import { sha256InSandbox, sha256OnDisk } from "../scripts/saved-file.js";
import { readVendors } from "../scripts/vendors.js";
import { type AnyClient, fastClock, quick, useVendor } from "./run-vendor.js";

describe.each(readVendors())("$name", ({ name, workflows, createName, packageName, credentials }) => {
  const setup = useVendor(name);
  const jobs = () => setup.listening.sandbox.jobs();
  const fault = (...args: Parameters<typeof setup.listening.sandbox.fault>) =>
    setup.listening.sandbox.fault(...args);
  /** Whether the bytes on disk are those that the sandbox has for the job. */
  const expectBytes = async (file: SavedFile, id: string) =>
    expect(await sha256OnDisk(file)).toBe(sha256InSandbox(setup.listening.sandbox, id, file));

  it.each(workflows)("$id: starts, waits and saves the right bytes", async ({ id, isOneStep }) => {
    const job = await setup.start(id);
    const states: string[] = [];
    let file: SavedFile | undefined;
    // The code of events is loaded when it is needed: what happens before that is not told one by one.
    for await (const { snapshot } of job.events(quick)) {
      states.push(snapshot.state);
      file ??= await job.save(`${setup.folder}/`, quick);
    }
    if (!file) throw new Error("there was no event");
    if (!isOneStep) expect(states[0]).toBe("queued");
    expect(states.at(-1)).toBe("succeeded");
    await expectBytes(file, job.id);
    expect(await readdir(setup.folder)).toEqual([file.path?.split("/").pop()]);
    expect(jobs()).toHaveLength(1);
  });

  it("makes its client from the environment, and names what that lacks", async () => {
    const create = `${createName}FromEnv`;
    const module = (await import(`${packageName}/env`)) as Record<
      string,
      (options: object, from: object) => AnyClient
    >;
    const env = environmentOf(setup.listening);
    const example = setup.listening.sandbox.examples[setup.workflow.id] ?? {};
    const job = await module[create]?.({}, { env })[setup.workflow.id]?.(example);
    const file = await job?.save(`${setup.folder}/`, quick);
    expect(file?.sizeBytes).toBeGreaterThan(0);
    expect(() => module[create]?.({}, { env: {} })).toThrow(
      new RegExp(`^${create}: the environment lacks OUTHAUL_${snakeCase(name)}_`, "i"),
    );
  });

  it("gives the file as bytes, too", async () => {
    const job = await setup.start();
    const file = await job.save(`${setup.folder}/`, quick);
    await expectBytes(file, job.id);
    const bytes = job.download(quick).then((download) => download.bytes());
    if (file.parts?.some(({ path }) => path !== undefined))
      await expect(bytes).rejects.toMatchObject({ code: "UNEXPECTED_CONTENT" });
    else expect((await bytes).length).toBe(file.sizeBytes);
  });

  it("bears failing and unreadable polls", async () => {
    const job = await setup.start();
    fault({ kind: "error", status: 500, on: "poll", times: 3 });
    fault({ kind: "html", on: "poll", times: 1, skip: 3 });
    fault({ kind: "dropped", on: "poll", times: 1, skip: 4 });
    const failures: JobEvent[] = [];
    for await (const event of job.events(quick)) if (event.type === "pollFailed") failures.push(event);
    expect(job.snapshot.state).toBe("succeeded");
    expect(failures.length).toBeGreaterThanOrEqual(4);
  });

  it("waits as long as a 429 says", async () => {
    const clock = fastClock(50);
    const client = await setup.client({ clock });
    const job = await client[setup.workflow.id]?.(setup.workflow.example);
    fault({ kind: "error", status: 429, retryAfter: 10, on: "poll" });
    const before = clock.now();
    await job?.wait(quick);
    expect(clock.now() - before).toBeGreaterThanOrEqual(9900);
  });

  it("never creates a job twice when the reply to the create is lost", async () => {
    fault({ kind: "lostReply" });
    const client = await setup.client();
    const start = client[setup.workflow.id];
    const outcome = await start?.(setup.workflow.example, { visibilityMs: 3000 }).catch(
      (error: unknown) => error,
    );
    expect(jobs()).toHaveLength(1);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(CreateAmbiguousError);
    else expect((await (outcome as ExportJob).wait(quick)).state).toBe("succeeded"); // what start gives when it does not throw
  });

  it("goes on after a connection that broke in the middle of the file", async () => {
    const job = await setup.start();
    await job.wait(quick);
    fault({ kind: "cutConnection", atByte: 100_000 });
    const file = await job.save(`${setup.folder}/`, { ...quick, retry: { minDelayMs: 1 } });
    await expectBytes(file, job.id);
    expect(file.resumed + file.restarted).toBeGreaterThan(0);
  });

  it("leaves nothing of a file that cannot be had whole", async () => {
    const job = await setup.start();
    await job.wait(quick);
    fault({ kind: "cutConnection", atByte: 50_000, times: "always" });
    const error = await job
      .save(`${setup.folder}/`, { ...quick, retry: { attempts: 2, minDelayMs: 1 }, resume: false })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DownloadError);
    expect(error).toMatchObject({ jobId: job.id, token: job.token, vendor: name });
    expect(await readdir(setup.folder)).toEqual([]);
  });

  it("does not take a page of HTML for the file where a type is expected", async () => {
    const job = await setup.start();
    await job.wait(quick);
    fault({ kind: "html", times: "always" });
    const saving = job.save(`${setup.folder}/`, {
      ...quick,
      expectType: ["text/csv", "application/zip", "application/json"],
    });
    await expect(saving).rejects.toMatchObject({ name: "DownloadError", code: "UNEXPECTED_TYPE" });
    expect(await readdir(setup.folder)).toEqual([]);
  });

  it("tells of an existing target before it waits, and leaves it as it is", async () => {
    const job = await setup.start();
    const target = join(setup.folder, "report.csv");
    await writeFile(target, "old");
    const before = setup.listening.sandbox.requests().length;
    await expect(job.save(target, quick)).rejects.toMatchObject({ code: "TARGET_EXISTS" });
    expect(setup.listening.sandbox.requests()).toHaveLength(before);
    expect(await readFile(target, "utf8")).toBe("old");
  });

  it("goes on in another client by the token, without a create", async () => {
    const { token, id } = await setup.start();
    const job = (await setup.client()).resume(token);
    const file = await job.save(`${setup.folder}/`, quick);
    expect(job.id).toBe(id);
    await expectBytes(file, id);
    expect(jobs()).toHaveLength(1);
    const client = await setup.client();
    const altered = token.slice(0, -1) + (token.endsWith("x") ? "y" : "x");
    expect(() => client.resume(altered)).toThrow(ResumeTokenError);
  });

  it("an aborted wait rejects with the reason and leaves the vendor's job alone", async () => {
    setup.listening.sandbox.configure({ polls: 1000 });
    const job = await setup.start();
    const controller = new AbortController();
    const waiting = job.wait({ ...quick, signal: controller.signal });
    setTimeout(() => controller.abort("enough"), 20);
    await expect(waiting).rejects.toBe("enough");
    const sent = setup.listening.sandbox.requests().length;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(setup.listening.sandbox.requests().length - sent).toBeLessThanOrEqual(1);
    expect(jobs()[0]?.state).not.toBe("cancelled");
  });

  it("wrong credentials are an ApiError with the vendor's message", async () => {
    const wrong = Object.fromEntries(
      credentials.map((option) => [option, setup.listening.clientOptions[option] && "wrong-secret"]),
    );
    const client = await setup.client({ ...wrong });
    const error = await client[setup.workflow.id]?.(setup.workflow.example).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 401 });
    expect((error as Error).message).toMatch(
      new RegExp(`^${name}: ${setup.workflow.id}: POST \\S+ answered 401 \\(check the credentials\\)`),
    );
    expect((error as Error).message).not.toContain("wrong-secret");
  });

  it.each([undefined, "", " "])(
    "a credential that is %j is told by its option and its variable",
    async (value) => {
      const create = (await import(packageName))[createName];
      const [option = ""] = Object.keys(setup.listening.sandbox.credentials);
      const snake = snakeCase(option);
      const { [option]: _, ...others } = setup.listening.clientOptions;
      const make = () => create(value === undefined ? others : { ...others, [option]: value });
      expect(make).toThrow(TypeError);
      const variables = `process\\.env\\.OUTHAUL_${snakeCase(name)}_`;
      // Where there is another way to sign in, that may be told first.
      const first =
        value === undefined ? `|"\\w+" is missing\\. .*${variables}\\w+ \\(or use .*"${option}"` : "";
      expect(make).toThrow(
        new RegExp(
          `^${createName}: the option ("${option}" is (missing|empty)\\. .*${variables}${snake}${first})`,
        ),
      );
    },
  );

  it("a job that failed says so, where the vendor documents it", async () => {
    setup.listening.sandbox.configure({ outcome: "failed", polls: 0 });
    const job = await setup.start();
    const outcome = await job.wait({ ...quick, timeoutMs: 300 }).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(OuthaulError);
    if (!(outcome instanceof JobFailedError))
      expect(outcome).toMatchObject({ code: "TIMEOUT", token: job.token });
  });

  it("no secret comes out in anything", async () => {
    const said: unknown[] = [];
    const client = await setup.client({ onEvent: (event) => said.push(event) });
    const job = await client[setup.workflow.id]?.(setup.workflow.example);
    if (!job) throw new Error("no job");
    const secrets = Object.entries(setup.listening.sandbox.credentials).filter(([option]) =>
      /password|token|key|secret/i.test(option),
    );
    expect(secrets.length).toBeGreaterThan(0);
    fault({
      kind: "error",
      status: 500,
      on: "poll",
      message: `bad ${secrets.map(([, value]) => value).join(" ")}`,
    });
    for await (const event of job.events(quick)) said.push(event, job.snapshot.rawStatus, job.token);
    fault({ kind: "cutConnection", atByte: 1000 });
    const file = await job.save(`${setup.folder}/`, {
      ...quick,
      retry: { minDelayMs: 1 },
      onEvent: (event: unknown) => said.push(event),
    } as never);
    said.push(file);
    fault({
      kind: "error",
      status: 403,
      on: "file",
      times: "always",
      message: `no ${secrets.map(([, value]) => value).join(" ")}`,
    });
    const failed = await job
      .save(`${setup.folder}/again/`, { ...quick, createDirs: true, retry: { attempts: 1 } })
      .catch((error: unknown) => error);
    said.push(failed);
    const text = said
      .map(
        (thing) =>
          `${thing instanceof Error ? `${thing.message} ${thing.stack} ${JSON.stringify(thing)}` : JSON.stringify(thing)}`,
      )
      .join("\n");
    for (const [, secret] of secrets) {
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
        expect(text).not.toContain(form);
    }
    expect(text).not.toContain("Signature=");
  });
});
