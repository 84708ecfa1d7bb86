import { once } from "node:events";
import type { Sandbox } from "@outhaul/sandbox";
import type { Listening } from "@outhaul/sandbox/node";
import type { LivePage } from "@outhaul/sandbox/page";
import { UsageError } from "../errors/command-error.js";
import { listenForInterrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";
import { printLine } from "../terminal/print.js";
import { runCommand } from "../terminal/run-command.js";
import { parseSize } from "../terminal/size.js";

/** The flags of `outhaul sandbox`. */
export interface SandboxFlags {
  readonly polls: string;
  readonly size: string;
  readonly port?: string;
}

/**
 * Starts the sandbox and its live page on loopback. Without a command it prints the environment variables that lead to it, and serves until it is interrupted;
 * with one it runs the command in that environment, and ends with it.
 * @throws {CommandEndedError} if the command does not end with 0
 */
export async function runSandbox(
  names: readonly string[],
  flags: SandboxFlags,
  command: readonly string[],
  io: Io,
): Promise<void> {
  const polls = parseCount("--polls", flags.polls);
  const sizeBytes = parseSize("--size", flags.size);
  const port = parsePort(flags.port);
  const sandbox = await createSandbox(names, { polls, sizeBytes });
  const { environmentOf, exportLines, listen } = await import("@outhaul/sandbox/node");
  const interrupt = command.length ? undefined : listenForInterrupt();
  const listening = await listen({ sandbox });
  let page: LivePage | undefined;
  try {
    page = await openPage(listening, port);
    printLine(io.stderr, `Live page: ${page.url}`);
    const environments = Object.values(listening.vendors).map(environmentOf);
    if (interrupt) {
      for (const environment of environments)
        for (const line of exportLines(environment)) printLine(io.stdout, line);
      printLine(
        io.stderr,
        "The sandbox listens; Ctrl-C ends it. Paste the lines above into another terminal.",
      );
      if (!interrupt.signal.aborted) await once(interrupt.signal, "abort");
    } else await runCommand(command, Object.assign({}, io.env, ...environments), io);
  } finally {
    interrupt?.dispose();
    await page?.close();
    await listening.close();
  }
}

async function createSandbox(
  names: readonly string[],
  jobs: { polls: number; sizeBytes: number },
): Promise<Sandbox> {
  const { createSandbox: create } = await import("@outhaul/sandbox");
  try {
    return create(names.length ? { vendors: names, jobs } : { jobs });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

async function openPage(listening: Listening, port: number): Promise<LivePage> {
  const { openPage: open } = await import("@outhaul/sandbox/page");
  try {
    return await open(listening, { port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // of an error without a code it is undefined
    if (code === "EADDRINUSE")
      throw new UsageError(`--port: ${port} is taken; choose another one, or leave it out for a free one`);
    if (code === "EACCES")
      throw new UsageError(`--port: ${port} may not be used without more rights; choose one above 1023`);
    throw error;
  }
}

function parseCount(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`${flag} takes a whole number, not "${text}"`);
  return Number(text);
}

function parsePort(text = "0"): number {
  const port = parseCount("--port", text);
  if (port > 65_535) throw new UsageError(`--port takes a number up to 65535, not "${text}"`);
  return port;
}
