import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Of } from "@outhaul/sandbox/node";
import { describe, expect, it } from "vitest";
import { contacts, runHere, testWorld } from "../testing/world.js";

const lines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("an export", () => {
  it("is started, waited for and saved; stdout has the path and nothing else", async () => {
    const world = await testWorld();
    const { code, stdout, stderr } = await world.run([...contacts, "-o", "exports/"]);
    expect([code, stderr.includes("saved")]).toEqual([0, true]);
    const [job] = world.sandbox.vendors["ongage"]?.sandbox.jobs() ?? [];
    const path = stdout.trim();
    expect(path).toBe(join(world.folder, "project/exports", `ongage-${job?.id}.zip`));
    const digest = createHash("sha256").update(readFileSync(path)).digest("hex");
    expect(digest).toBe(
      job && sha256Of(world.sandbox.vendors["ongage"]?.sandbox.fileOf(job.id) ?? { chunks: () => [] }),
    );
    expect((await world.run(["jobs"])).stdout).toBe("no export is under way or was left\n");
  });

  it("sends what the flags say: repeated ones as lists, dotted ones as objects, numbers as numbers", async () => {
    const world = await testWorld();
    const request = [
      ...[
        "--format.filename",
        "rooms",
        "--format.extension",
        "csv",
        "--format.columns",
        '{"id":"time","label":"T"}',
      ],
      ...[
        "--type",
        "oneTime",
        "--items",
        '{"params":{"target":{"value":"urn:a","label":"A"},"channelId":"c","subtopic":"s","from":1,"to":2}}',
      ],
      ...["--notification.messages", "[]", "--poll-interval", "20ms", "--quiet"],
    ];
    const ended = await world.run(["connhex", "createExport", ...request]);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(ended.stdout.trim(), "utf8").split("\n")[0]).toBe("T");
  });

  it.each([
    "carma exportStatistics",
    "connhex createExport",
    "ocamba exportQuickReport",
    "ongage exportContacts",
    "ongage exportContactActivity",
  ])("reads its request from a file and from stdin: %s", async (name) => {
    const world = await testWorld();
    const [vendor = "", workflow = ""] = name.split(" ");
    const request = JSON.stringify(world.sandbox.vendors[vendor]?.sandbox.examples[workflow]);
    writeFileSync(join(world.folder, "project/request.yaml"), request);
    const args = [vendor, workflow, "--poll-interval", "20ms", "--json", "--sha256"];
    const file = await world.run([
      ...args,
      "--input",
      "request.yaml",
      "-o",
      "{vendor}/{date}-{id}-{filename}",
    ]);
    const stdin = await world.run([...args, "--input", "-", "-o", "in/"], { input: request });
    for (const { code, stdout, stderr } of [file, stdin]) {
      expect([code, stderr]).toEqual([0, ""]);
      const events = lines(stdout);
      expect(events.map(({ type }) => type)).toEqual(
        expect.arrayContaining(["started", "status", "download", "saved"]),
      );
      expect(events.at(-1)).toMatchObject({
        type: "saved",
        vendor,
        workflow,
        sha256: expect.stringMatching(/^[\da-f]{64}$/),
      });
      expect(readFileSync(events.at(-1).path).length).toBe(events.at(-1).sizeBytes);
    }
    const { id, path } = { id: lines(file.stdout)[0].id, path: lines(file.stdout).at(-1).path };
    expect(path).toMatch(new RegExp(`/${vendor}/\\d{4}-\\d\\d-\\d\\d-${id.replace(/[^\w.-]/g, "_")}-[^/]+$`));
  });

  it("merges flags over the file, field by field", async () => {
    const world = await testWorld();
    writeFileSync(
      join(world.folder, "project/r.json"),
      JSON.stringify({
        name: "A",
        segment_id: [1],
        status: ["active"],
        date_format: "nonsense",
        file_format: "csv",
      }),
    );
    const args = ["ongage", "exportContacts", "--input", "r.json", "--poll-interval", "20ms"];
    expect(await world.run(args)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--date-format does not take "nonsense"'),
    });
    expect(await world.run([...args, "--date-format", "mm/dd/yy"])).toMatchObject({ code: 0 });
  });

  it("writes the file itself to stdout for -o -", async () => {
    const world = await testWorld();
    const { code, stdout } = await world.run([...contacts, "-o", "-", "--quiet"]);
    expect([code, stdout.slice(0, 2)]).toEqual([0, "PK"]);
    expect(await world.run([...contacts, "-o", "-", "--json"])).toMatchObject({
      code: 2,
      stderr: "outhaul: --json and --output - both want stdout: give one of them\n",
    });
  });

  it("is only started with --detach, and its token resumes it on another machine", async () => {
    const world = await testWorld();
    const { stdout: token } = await world.run([...contacts, "--detach", "-o", "late/{filename}"]);
    expect(token).toMatch(/^v1\.[\w-]+\.\w+\n$/);
    const elsewhere = { env: { XDG_STATE_HOME: join(world.folder, "other") } };
    const status = await world.run(["status", token.trim()], elsewhere);
    expect(status).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ongage exportContacts \d+: running\n$/),
    });
    const resumed = await world.run(
      ["resume", token.trim(), "-o", "here/", "--poll-interval", "20ms"],
      elsewhere,
    );
    expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining("/here/") });
    const [job] = JSON.parse((await world.run(["jobs", "--json"])).stdout);
    expect(job).toMatchObject({
      id: resumed.stdout.match(/\d+(?=\.zip)/)?.[0],
      state: "left",
      attended: false,
    });
    const byId = await world.run(["resume", job.id, "--poll-interval", "20ms"]);
    expect(byId).toMatchObject({ code: 0, stdout: expect.stringContaining("/project/late/") });
  });
});

describe("wrong arguments end with 2 before any request, with a line for each mistake", () => {
  it.each([
    [["ongag"], 'there is no command or vendor "ongag"; did you mean ongage? (outhaul --help lists them)'],
    [
      ["--timeout", "5m", "ongage", "exportContacts"],
      "--timeout comes behind what it is for: outhaul <command or vendor> … --timeout (outhaul --help lists them)",
    ],
    [
      ["--api-key=s3cret", "ongag"],
      "--api-key comes behind what it is for: outhaul <command or vendor> … --api-key (outhaul --help lists them)",
    ],
    [["ongage", "exportContact"], 'ongage has no export "exportContact"; did you mean exportContacts?'],
    [
      ["ongage"],
      "say what to run: exportContacts, exportContactActivity, exportContactSearch, exportAggregateActivity (outhaul ongage --help)",
    ],
    [["call", "ongage", "listSegment"], 'ongage has no operation "listSegment"; did you mean listSegments?'],
    [["call"], "say of which vendor: outhaul call <vendor> <operation> (outhaul vendors lists them)"],
    [["resume"], "say which: outhaul resume <token>, or outhaul resume --all"],
    [["status", "nonsense"], '"nonsense" is neither a resume token nor an id of outhaul jobs'],
    [["status", "v1.abc.def"], "cannot read the resume token: the token was altered or cut; give it whole"],
    [["run", "none.yaml"], "cannot read none.yaml: no such file or directory (ENOENT)"],
    [["completion", "bsh"], "there is no completion for bsh; there is for bash, zsh, fish, pwsh"],
    [[...contacts, "--timeout", "5x"], '--timeout takes a time such as 90s, 15m or 2h, not "5x"'],
    [
      [...contacts, "-o", "{day}/"],
      "--output: there is no {day}; there are {date}, {time}, {vendor}, {workflow}, {profile}, {id}, {filename}",
    ],
    [[...contacts, "-o", "{filename}/x"], "--output: {filename} goes into the last part of the path"],
    [
      [...contacts, "--overwrite", "maybe"],
      "option '--overwrite <how>' argument 'maybe' is invalid. Allowed choices are error, replace, rename.",
    ],
    [[...contacts, "--list-id", "x"], '--list-id takes a whole number, not "x"'],
    [[...contacts, "--name", "B"], "--name is given 2 times, and takes one value"],
    [[...contacts, "--mailing-id", "1"], "--segment-id does not go with the other fields"],
    [[...contacts, "--input", "none.json"], "cannot read none.json: no such file or directory (ENOENT)"],
  ])("%j", async (args, line) => {
    expect(await runHere(args)).toEqual({ code: 2, stdout: "", stderr: `outhaul: ${line}\n` });
  });

  it("and nothing was sent", async () => {
    const world = await testWorld();
    expect((await world.run([...contacts, "--list-id", "x"])).code).toBe(2);
    expect((await world.run([...contacts, "-o", "{day}"])).code).toBe(2);
    expect(Object.values(world.sandbox.vendors).flatMap(({ sandbox }) => sandbox.requests())).toEqual([]);
  });

  it("reports all mistakes at once", async () => {
    const world = await testWorld();
    const args = [
      "--nme",
      "A",
      "--segment-id",
      "abc",
      "--status",
      "activ",
      "--date-format",
      "dd/mm/yyyy",
      "stray",
    ];
    expect(await world.run(["ongage", "exportContacts", ...args])).toMatchObject({
      code: 2,
      stderr: [
        "outhaul: there is no option --nme; did you mean --name?",
        'outhaul: what is "stray" for? Values stand behind their options',
        'outhaul: --segment-id takes a whole number, not "abc"',
        'outhaul: --status does not take "activ"; did you mean active?',
        "outhaul: --name is missing: The name of the export.",
        "outhaul: --file-format is missing: The format of the file.",
        "",
      ].join("\n"),
    });
  });

  it("reports unknown fields of a file with the closest known one", async () => {
    const world = await testWorld();
    const input = "{name: A, segment_id: [1], status: [active], date_format: dd/mm/yyyy, file_fromat: csv}";
    expect(await world.run(["ongage", "exportContacts", "--input", "-"], { input })).toMatchObject({
      code: 2,
      stderr: [
        "outhaul: --file-format is missing: The format of the file.",
        'outhaul: "file_fromat" is no field of this request; did you mean "file_format"?',
        "",
      ].join("\n"),
    });
    expect(await world.run(["ongage", "exportContacts", "--input", "-"], { input: "a: [b" })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^outhaul: standard input:1 is neither JSON nor YAML: .+\n$/),
    });
  });
});

describe("exit codes", () => {
  const cases: [number, string, object | undefined, string[], RegExp][] = [
    [1, "the export failed", { kind: "outcome" }, ["ocamba", "exportQuickReport", "--input", "-"], /failed/],
    [3, "the vendor refuses the credentials", undefined, contacts, /401/],
    [
      4,
      "time-out",
      { kind: "unknownStatus", times: "always" },
      [...contacts, "--timeout", "300ms"],
      /outhaul resume v1\./,
    ],
    [5, "network", undefined, contacts, /ongage: exportContacts: POST .* no reply: connect ECONNREFUSED/],
    [
      1,
      "a start whose reply is lost",
      { kind: "lostReply" },
      contacts,
      /ongage may have taken the export all the same/,
    ],
    [6, "the disk: a file in the way", undefined, [...contacts, "-o", "taken"], /taken is there already/],
    [1, "a refused request", { kind: "error", status: 400 }, contacts, /400/],
  ];
  it.each(cases)("%i: %s", async (code, what, fault, args, told) => {
    const world = await testWorld({ jobs: { polls: what === "time-out" ? 1000 : 1, sizeBytes: 20_000 } });
    const [vendor = ""] = args;
    const sandbox = world.sandbox.vendors[vendor]?.sandbox;
    if (fault && what !== "time-out")
      sandbox?.fault(fault as Parameters<NonNullable<typeof sandbox>["fault"]>[0]);
    writeFileSync(join(world.folder, "project/taken"), "mine");
    if (what === "network") await world.sandbox.close();
    const input = JSON.stringify(sandbox?.examples["exportQuickReport"] ?? {});
    const env = what.includes("credentials") ? { OUTHAUL_ONGAGE_PASSWORD: "wrong-password" } : {};
    const ended = await world.run(
      [...args, "--poll-interval", "20ms"].slice(0, args.length + (args.includes("--poll-interval") ? 0 : 2)),
      { input, env },
    );
    expect(ended.stderr).toMatch(told);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect([ended.code, ended.stdout]).toEqual([code, ""]);
    expect(readFileSync(join(world.folder, "project/taken"), "utf8")).toBe("mine");
  });
});

it("--decompress saves what is inside a file that is compressed", async () => {
  const jobs = { polls: 1, sizeBytes: 20_000, format: "csv", gzip: true } as const;
  const world = await testWorld({ jobs: { ...jobs, mediaType: "application/octet-stream" } });
  const headers = { "content-encoding": "gzip" };
  world.sandbox.vendors["ongage"]?.sandbox.fault({ kind: "headers", on: "file", times: "always", headers });
  const saved = async (...flags: string[]) => {
    const { code, stdout } = await world.run([...contacts, "-o", "{id}.csv.gz", ...flags]);
    expect(code).toBe(0);
    const job = world.sandbox.vendors["ongage"]?.sandbox.jobs().at(-1);
    const file = world.sandbox.vendors["ongage"]?.sandbox.fileOf(job?.id ?? "");
    return { digest: createHash("sha256").update(readFileSync(stdout.trim())).digest("hex"), file };
  };
  const kept = await saved();
  expect(kept.digest).toBe(kept.file && sha256Of(kept.file));
  const unpacked = await saved("--decompress");
  expect(unpacked.digest).toBe(unpacked.file?.inside && sha256Of(unpacked.file.inside));
});
