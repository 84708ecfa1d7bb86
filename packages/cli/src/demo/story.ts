import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { ListeningVendor } from "@outhaul/sandbox/node";
import { formatBytes } from "../terminal/format.js";
import type { Screen } from "./screen.js";
import { startWorker, type Worker } from "./start-worker.js";
import { code, demoVendor } from "./vendor.js";

/** Where the story plays. */
export interface Stage {
  readonly vendor: ListeningVendor;
  /** The folder that the exports are saved in, ending in a slash. */
  readonly to: string;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  sha256Of: typeof import("@outhaul/sandbox/node").sha256Of;
}

/** Where the connection is cut, and where the process is killed, as shares of the file. */
const CUT_AT = 0.4;
const KILL_AT = 0.7;
const BYTES_PER_SECOND = 5_000_000;

/** Tells the story of an export: a cut connection, a killed process, and the same file all the same. */
export async function tellStory(stage: Stage): Promise<void> {
  const { screen, vendor, to, signal } = stage;
  const { clientOptions } = vendor;
  screen.step("1/5  A vendor to try it against");
  screen.code([`$ npx outhaul sandbox ${demoVendor.name}`, ...code.connect]);
  screen.good(`${demoVendor.title} answers at ${vendor.baseUrl}, on this machine`);

  const first = startWorker({ clientOptions, to }, signal);
  const token = await tellFirstProcess(stage, first);

  screen.step("5/5  Another process goes on, with nothing but the token");
  screen.code(code.resume);
  const second = startWorker({ clientOptions, to, token }, signal);
  try {
    tellEnd(stage, await tellSecondProcess(stage, second));
  } finally {
    await second.kill();
  }
}

/** The first process: it starts the export, loses its connection, and is killed. @returns the job's token */
async function tellFirstProcess({ screen, vendor, to }: Stage, worker: Worker): Promise<string> {
  let token = "";
  let sizeBytes = 0;
  let isBroken = false; // what is told of bytes then is old
  try {
    for await (const report of worker.reports()) {
      switch (report.type) {
        case "started":
          token = report.token;
          sizeBytes = vendor.sandbox.fileOf(report.id).sizeBytes;
          planFaults(vendor, sizeBytes);
          screen.step("2/5  Start an export, and keep its token");
          screen.code(code.start);
          screen.good(`${shorten(token)} (${token.length} characters, no secret in it)`);
          screen.step(`3/5  Wait and download; the connection breaks at ${percent(CUT_AT)}`);
          screen.code(code.save);
          break;
        case "polled": {
          const { fraction = report.state === "succeeded" ? 1 : 0 } = report.progress ?? {};
          screen.bar({ label: "waiting", share: fraction, detail: `poll ${report.polls}: ${report.state}` });
          break;
        }
        case "broke":
          isBroken = true;
          screen.bad("the connection broke off");
          break;
        case "wentOn":
          isBroken = false;
          screen.good(`it asked for the rest, and went on after ${formatBytes(report.bytes)}: no byte twice`);
          screen.step(`4/5  The process is killed at ${percent(KILL_AT)}`);
          screen.code([`$ kill -9 ${worker.pid}`]);
          break;
        case "bytes":
          if (isBroken) break;
          screen.bar(bytesBar(report.bytes, sizeBytes));
          if (report.bytes < sizeBytes * KILL_AT) break;
          await worker.kill();
          screen.bad(`process ${worker.pid} is gone, without a chance to tidy up`);
          tellFiles(screen, to);
          return token;
        case "saved":
          throw new Error("the file was there before the process was killed");
      }
    }
  } finally {
    await worker.kill();
  }
  throw new Error("the process ended too early");
}

/** The second process: it goes on. @returns the path of the file */
async function tellSecondProcess({ screen, vendor }: Stage, worker: Worker): Promise<string> {
  let sizeBytes = 0;
  let hasGoneOn = false;
  let saved = "";
  for await (const report of worker.reports()) {
    if (report.type === "started") sizeBytes = vendor.sandbox.fileOf(report.id).sizeBytes;
    if (report.type === "wentOn") {
      hasGoneOn = true;
      screen.good(`it went on after ${formatBytes(report.bytes)} that the other one had`);
    }
    if (report.type === "bytes" && hasGoneOn) screen.bar(bytesBar(report.bytes, sizeBytes));
    if (report.type === "saved") saved = report.path;
  }
  return saved;
}

/** Compares the file with the vendor's, and tells what the vendor saw. */
function tellEnd({ screen, vendor, sha256Of }: Stage, path: string): void {
  const [job] = vendor.sandbox.jobs();
  const theirs = sha256Of(vendor.sandbox.fileOf(job?.id ?? ""));
  const ours = createHash("sha256").update(readFileSync(path)).digest("hex");
  const starts = vendor.sandbox.requests().filter(({ operation }) => operation === demoVendor.operation);
  screen.step("The same file?");
  screen.code([`$ sha256sum exports/${basename(path)}`]);
  screen.named("vendor", halves(theirs));
  screen.named("here", halves(ours));
  if (theirs !== ours) throw new Error("the files are not the same");
  screen.good("the same SHA-256");
  screen.good(
    `one export at the vendor (${starts.length} start), one cut, one killed process, one whole file`,
  );
}

/** The first reply with the file breaks off; all come as slowly as from far away. */
function planFaults({ sandbox }: ListeningVendor, sizeBytes: number): void {
  const bytesPerSecond = BYTES_PER_SECOND;
  sandbox.fault({ kind: "cutConnection", atByte: Math.round(sizeBytes * CUT_AT), bytesPerSecond });
  sandbox.fault({ kind: "slowBody", bytesPerSecond, times: "always" });
}

/** Tells what is in the folder after the kill. */
function tellFiles(screen: Screen, to: string): void {
  screen.code(["$ ls -A exports/"]);
  const names = readdirSync(to).sort();
  for (const name of names) screen.plain(`${name}  ${formatBytes(statSync(join(to, name)).size)}`);
  const whole = names.filter((name) => !name.startsWith("."));
  if (whole.length > 0) throw new Error(`there should be no ${whole.join(", ")} yet`);
  screen.good("only the hidden part: under its own name a file is whole or not there");
}

function bytesBar(bytes: number, sizeBytes: number) {
  const share = sizeBytes === 0 ? 0 : bytes / sizeBytes;
  return { label: "downloading", share, detail: `${formatBytes(bytes)} of ${formatBytes(sizeBytes)}` };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function shorten(token: string): string {
  return token.length > 30 ? `${token.slice(0, 20)}…${token.slice(-6)}` : token;
}

/** A digest in two parts, so that it can be wrapped and compared by eye. */
function halves(digest: string): string {
  return `${digest.slice(0, 32)} ${digest.slice(32)}`;
}
