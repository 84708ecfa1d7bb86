import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { contacts, root, testWorld } from "../testing/world.js";

it("vendors lists what is installed, with its exports", async () => {
  const world = await testWorld();
  const { stdout } = await world.run(["vendors"]);
  expect(stdout).toMatch(/ongage +\d+\.\d+\.\d+ +Ongage +exportContacts, (?:export\w+, )*export\w+ +\/\S+\n/);
  const json = JSON.parse((await world.run(["vendors", "--json"])).stdout);
  expect(json.installed).toContainEqual(
    expect.objectContaining({ name: "carma", exports: ["exportStatistics"] }),
  );
});

it("call writes the reply of any documented operation, and checks the request before", async () => {
  const world = await testWorld();
  const { code, stdout } = await world.run(["call", "ongage", "listSegments", "--limit", "50"]);
  expect([code, JSON.parse(stdout).payload[0].name]).toEqual([0, "Readers"]);
  expect(world.sandbox.vendors["ongage"]?.sandbox.requests().at(-1)).toMatchObject({ status: 200 });
  expect(await world.run(["call", "ongage", "listSegments", "--limit", "x"])).toMatchObject({
    code: 2,
    stderr: 'outhaul: --limit takes a whole number, not "x"\n',
  });
  const file = await world.run(["call", "ongage", "listSegments", "-o", "segments.json"]);
  expect([file.code, file.stdout]).toEqual([0, ""]);
  expect(readFileSync(join(world.folder, "project/segments.json"), "utf8")).toBe(stdout);
  expect(await world.run(["call", "ongage", "listSegments", "-o", "segments.json"])).toMatchObject({
    code: 6,
    stderr: expect.stringMatching(
      /^outhaul: download: .*segments.json is there already; --overwrite replace/,
    ),
  });
  world.sandbox.vendors["ongage"]?.sandbox.fault({ kind: "error", status: 500 });
  expect(await world.run(["call", "ongage", "listSegments"])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^outhaul: ongage: listSegments: GET \/api\/segments answered 500/),
  });
});

/** A vendor that answers as it is told to. */
async function vendorThat(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it("4.3 call repeats no credential that an error repeats", async () => {
  const baseUrl = await vendorThat(({ headers }, response) => {
    response.writeHead(401, { "content-type": "application/json" }).end(JSON.stringify({ sent: headers }));
  });
  const world = await testWorld();
  const { code, stderr } = await world.run(["call", "ongage", "listSegments"], {
    env: { OUTHAUL_ONGAGE_BASE_URL: baseUrl, OUTHAUL_ONGAGE_PASSWORD: "pass-word-0123" },
  });
  expect([code, stderr]).toEqual([3, expect.stringContaining('answered 401: {"sent":')]);
  expect(stderr).toContain('"x_password":"***"');
  expect(stderr).not.toContain("pass-word-0123");
});

it("call keeps all digits of numbers, and texts as they are", async () => {
  const baseUrl = await vendorThat((_, response) => {
    response
      .writeHead(200, { "content-type": "application/json" })
      .end('{"id":1610521604143693813,"rate":1.10,"texts":["5","a\\"6",""]}');
  });
  const world = await testWorld();
  const { stdout } = await world.run(["call", "ongage", "listSegments"], {
    env: { OUTHAUL_ONGAGE_BASE_URL: baseUrl },
  });
  expect(stdout).toBe(
    '{\n  "id": 1610521604143693813,\n  "rate": 1.10,\n  "texts": [\n    "5",\n    "a\\"6",\n    ""\n  ]\n}\n',
  );
});

it("a reader that stops early is no failure", async () => {
  const world = await testWorld();
  const program = join(root, "packages/cli/dist/main.js");
  const { status, stderr } = spawnSync(
    "sh",
    ["-c", `{ ${process.execPath} ${program} call ongage --help; echo $? >&2; } | head -1`],
    { cwd: join(world.folder, "project"), env: world.env, encoding: "utf8" },
  );
  expect([status, stderr]).toEqual([0, "0\n"]);
});

it("sandbox prints the environment for its vendors, and an export runs with it", async () => {
  const world = await testWorld();
  const running = world.start(["sandbox", "ongage", "--polls", "0"]);
  await running.printed("The sandbox listens");
  await running.printed(/(export OUTHAUL_ONGAGE_\w+='[^']+'\n){4}/);
  const lines = [...running.output().matchAll(/export (\w+)='([^']+)'/g)];
  const env = Object.fromEntries(lines.map(([, name = "", value = ""]) => [name, value]));
  expect(env["OUTHAUL_ONGAGE_BASE_URL"]).not.toBe(world.env["OUTHAUL_ONGAGE_BASE_URL"]);
  expect(await world.run([...contacts, "-o", "exports/"], { env })).toMatchObject({ code: 0 });
  running.child.kill("SIGINT");
  expect((await running.ended).code).toBe(0);
  expect(await world.run(["sandbox", "ongag"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("no vendor ongag"),
  });
  expect(await world.run(["sandbox", "--polls", "x"])).toMatchObject({ code: 2 });
});

it("sandbox opens a live page at the port that is asked for, and says so where it is taken", async () => {
  const world = await testWorld();
  const running = world.start(["sandbox", "carma", "--size", "20kB"]);
  await running.printed(/^Live page: http:\/\/127\.0\.0\.1:\d+\/\n/m);
  await running.printed("The sandbox listens");
  const [, url = "", port = ""] = /(http:\/\/127\.0\.0\.1:(\d+)\/)/.exec(running.output()) ?? [];
  expect(await (await fetch(url)).text()).toContain("<title>Outhaul sandbox</title>");
  const started = await fetch(`${url}vendors/carma/examples/exportStatistics`, { method: "POST" });
  expect(started.status).toBe(202);
  expect(await world.run(["sandbox", "carma", "--port", port])).toMatchObject({
    code: 2,
    stdout: "",
    stderr: `outhaul: --port: ${port} is taken; choose another one, or leave it out for a free one\n`,
  });
  running.child.kill("SIGINT");
  expect((await running.ended).code).toBe(0);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  const again = world.start(["sandbox", "carma", "--port", port]);
  await again.printed(`Live page: ${url}\n`);
  again.child.kill("SIGTERM");
  expect((await again.ended).code).toBe(0);
  for (const [flag, value] of [
    ["--port", "x"],
    ["--port", "65536"],
    ["--size", "20 bananas"],
  ] as const)
    expect(await world.run(["sandbox", flag, value])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${flag} takes a `),
    });
});

/** A program that prints the sandbox's address and the page that its vendor answers with, then does what is said. */
const probe = (then: string) => [
  ...["sandbox", "carma", "--", process.execPath, "--input-type=module", "-e"],
  `const url = process.env.OUTHAUL_CARMA_BASE_URL;
  const { vendor } = await (await fetch(url + "/_sandbox")).json();
  console.log(url, vendor, process.argv.slice(1).join("|"));
  ${then}`,
];

it("sandbox runs a command with the environment, and ends with it and its exit code", async () => {
  const world = await testWorld();
  const ended = await world.start([...probe("process.exit(7)"), "x", "--size", "a b", "--", "$HOME"]).ended;
  expect(ended).toMatchObject({
    code: 7,
    stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+ carma x\|--size\|a b\|--\|\$HOME\n$/),
    stderr: expect.stringMatching(/^Live page: \S+\n$/),
  });
  const [url = ""] = ended.stdout.split(" ");
  expect(url).not.toBe(world.env["OUTHAUL_CARMA_BASE_URL"]);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  expect((await world.start(probe("")).ended).code).toBe(0);
  expect(await world.start(["sandbox", "carma", "--", "no-such-command-here"]).ended).toMatchObject({
    code: 127,
    stderr: expect.stringContaining(
      'outhaul: there is no command "no-such-command-here": is it installed, and in the PATH?\n',
    ),
  });
  expect((await world.start(["sandbox", "carma", "--", world.folder]).ended).code).toBe(126);
});

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("sandbox passes %s on to its command", async (signal, code) => {
  const world = await testWorld();
  const running = world.start(
    probe(
      `process.on("SIGINT", () => { console.log("asked to end"); process.exit(130); }); setInterval(() => {}, 1000); console.log("ready");`,
    ),
  );
  await running.printed("ready"); // it listens for the signal now
  running.child.kill(signal);
  expect(await running.ended).toMatchObject({
    code,
    stdout: expect.stringContaining(signal === "SIGINT" ? "asked to end" : "carma"),
  });
});

it("completes commands, vendors, exports, flags and allowed values in a real bash", async () => {
  const world = await testWorld();
  const { stdout: script, code } = await world.run(["completion", "bash"]);
  expect(code).toBe(0);
  writeFileSync(join(world.folder, "completion.sh"), script);
  symlinkSync(join(root, "packages/cli/dist/main.js"), join(world.folder, "outhaul"));
  const complete = (line: string) => {
    const words = line.split(" ");
    const text = [
      `source ${world.folder}/completion.sh`,
      `COMP_LINE=${JSON.stringify(line)}; COMP_POINT=${line.length}; COMP_CWORD=${words.length - 1}`,
      `COMP_WORDS=(${words.map((word) => JSON.stringify(word)).join(" ")})`,
      `_outhaul_completion; printf "%s\\n" "\${COMPREPLY[@]}"`,
    ];
    const env = { ...world.env, PATH: `${world.folder}:${world.env["PATH"]}` };
    const { stdout } = spawnSync("bash", ["-c", text.join("\n")], {
      cwd: join(world.folder, "project"),
      env,
      encoding: "utf8",
    });
    return stdout.trim().split("\n");
  };
  expect(complete("outhaul ong")).toEqual(["ongage"]);
  expect(complete("outhaul res")).toEqual(["resume"]);
  expect(complete("outhaul ongage exportContact")).toEqual(
    expect.arrayContaining(["exportContacts", "exportContactActivity"]),
  );
  expect(complete("outhaul ongage exportContacts --date")).toEqual(["--date-format"]);
  expect(complete("outhaul ongage exportContacts --status un")).toEqual(["unjoin-member"]);
  expect(complete("outhaul call ongage listSeg")).toEqual(["listSegments"]);
  expect(complete("outhaul login car")).toEqual(["carma"]);
  for (const shell of ["zsh", "fish"])
    expect((await world.run(["completion", shell])).stdout).toContain("_outhaul_completion");
  const zsh = { env: { SHELL: "zsh", COMP_LINE: "outhaul sta", COMP_POINT: "11", COMP_CWORD: "1" } };
  expect((await world.run(["completion-server", "--"], zsh)).stdout).toMatch(/^status:ask once/);
});

it("many processes record their jobs at once, and none is lost", async () => {
  const world = await testWorld();
  const tokens = await Promise.all(
    Array.from({ length: 8 }, async () => (await world.run([...contacts, "--detach"])).stdout.trim()),
  );
  const jobs = JSON.parse((await world.run(["jobs", "--json"])).stdout) as { token: string }[];
  expect(jobs.map(({ token }) => token).sort()).toEqual([...tokens].sort());
  expect(new Set(tokens).size).toBe(8);
});

it("--dry-run checks the request, and prints what would be sent, without secrets; nothing is sent or recorded", async () => {
  const world = await testWorld();
  const vendor = world.sandbox.vendors["ongage"]?.sandbox;
  const env = { OUTHAUL_ONGAGE_PASSWORD: "pass-word-0123" };
  const { code, stdout, stderr } = await world.run([...contacts, "--dry-run"], { env });
  expect([code, stderr]).toEqual([0, "\nThe request is as the spec wants it. Nothing was sent.\n"]);
  expect(stdout).toMatch(
    /^POST http:\/\/127\.0\.0\.1:\d+\/api\/export\n(\S+: .*\n)+\n\{\n {2}"name": "Active"/,
  );
  expect(stdout).toContain("x_password: ***\n");
  const json = await world.run([...contacts, "--dry-run", "--json"], { env });
  expect(JSON.parse(json.stdout)).toMatchObject({ method: "POST", headers: { x_password: "***" } });
  expect(JSON.parse(JSON.parse(json.stdout).body)).toMatchObject({ name: "Active", segment_id: [77197, 5] });
  expect(stdout + json.stdout).not.toContain("pass-word-0123");
  // One that is too short to be searched for in texts is a secret, too.
  const short = { OUTHAUL_ONGAGE_PASSWORD: "abc", OUTHAUL_ONGAGE_USERNAME: "ada" };
  const shortOnes = await world.run([...contacts, "--dry-run"], { env: short });
  expect(shortOnes.stdout).toMatch(/^x_password: \*\*\*\nx_username: \*\*\*$/m);
  expect(await world.run([...contacts, "--mailing-id", "5", "--dry-run"])).toMatchObject({
    code: 2,
    stdout: "",
  });
  expect(vendor?.requests()).toEqual([]);
  expect((await world.run(["jobs"])).stdout).toBe("no export is under way or was left\n");
});

it("--verbose tells every request on stderr, also beside --json and --quiet", async () => {
  const world = await testWorld();
  const line = /^\d\d:\d\d:\d\d\.\d{3} {2}ongage {2}POST \/api\/export: 200 in \d+ ms$/m;
  expect((await world.run(["call", "ongage", "listSegments", "--debug"])).stderr).toContain(
    "GET /api/segments",
  );
  for (const flag of ["--json", "--quiet"]) {
    const { code, stderr } = await world.run([...contacts, "--verbose", flag, "-o", `${flag}/`]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(line)]);
    expect(stderr).toMatch(/GET \/api\/export\/\{id\}\/retrieve: 412 in \d+ ms, job \d+/);
  }
  const { stdout, stderr } = await world.run(["call", "ongage", "listSegments", "--verbose"]);
  expect([JSON.parse(stdout).metadata.error, stderr]).toEqual([
    false,
    expect.stringContaining("GET /api/segments: 200"),
  ]);
});

it("jobs forget takes an export off the list, by its id, its token, or the name of a record without an id", async () => {
  const world = await testWorld();
  const token = (await world.run([...contacts, "--detach", "--quiet"])).stdout.trim();
  const [{ key }] = JSON.parse((await world.run(["jobs", "--json"])).stdout);
  expect((await world.run(["jobs"])).stdout).toContain(key);
  expect(await world.run(["jobs", "forget", "1"])).toMatchObject({
    code: 2,
    stderr: 'outhaul: outhaul jobs has no "1"\n',
  });
  const { code, stdout } = await world.run(["jobs", "forget", key]);
  expect([code, stdout]).toEqual([
    0,
    `ongage exportContacts ${key} is forgotten; outhaul resume ${token} still goes on with it\n`,
  ]);
  expect((await world.run(["jobs"])).stdout).toBe("no export is under way or was left\n");
  // It still does.
  const resumed = await world.run(["resume", token, "-o", "out/", "--quiet", "--poll-interval", "20ms"]);
  expect(resumed.code).toBe(0);

  const record = { v: 1, state: "starting", vendor: "ongage", workflow: "exportContacts", clientOptions: {} };
  const left = { ...record, startedAt: "2026-01-01T00:00:00Z", pid: 1, host: "elsewhere" };
  writeFileSync(join(world.folder, "state/outhaul/jobs/start-1a2b3c4d-0000.json"), JSON.stringify(left));
  expect((await world.run(["jobs"])).stdout).toMatch(/start-1a2b3c4d +unanswered/);
  expect(await world.run(["jobs", "forget", "start-1a2b3c4d"])).toMatchObject({
    code: 0,
    stdout: "ongage exportContacts start-1a2b3c4d is forgotten\n",
  });
});

it("run takes its file also behind --again", async () => {
  const world = await testWorld();
  expect(await world.run(["run", "--again", "contacts", "none.yaml"])).toMatchObject({
    code: 2,
    stderr: "outhaul: cannot read none.yaml: no such file or directory (ENOENT)\n",
  });
  expect(await world.run(["run"])).toMatchObject({
    code: 2,
    stderr: "outhaul: say which file to run: outhaul run exports.yaml\n",
  });
});
