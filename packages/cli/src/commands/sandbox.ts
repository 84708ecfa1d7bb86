import { once } from "node:events";
import type { Sandbox } from "@outhaul/sandbox";
import type { ListeningVendor } from "@outhaul/sandbox/node";
import { baseUrlEnv } from "../client/options.js";
import { UsageError } from "../errors/command-error.js";
import { listenForInterrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";
import { printLine } from "../terminal/print.js";

/** Starts the sandbox on loopback, prints the environment variables that lead to it, and serves until it is interrupted. */
export async function runSandbox(
  names: readonly string[],
  flags: { polls: string; size: string },
  io: Io,
): Promise<void> {
  const polls = parseCount("--polls", flags.polls);
  const sizeBytes = parseCount("--size", flags.size);
  const sandbox = await createSandbox(names, { polls, sizeBytes });
  const { listen } = await import("@outhaul/sandbox/node");
  const interrupt = listenForInterrupt();
  const listening = await listen({ sandbox });
  for (const vendor of Object.values(listening.vendors))
    for (const line of exportLines(vendor)) printLine(io.stdout, line);
  printLine(io.stderr, "The sandbox listens; Ctrl-C ends it. Paste the lines above into another terminal.");
  if (!interrupt.signal.aborted) await once(interrupt.signal, "abort");
  interrupt.dispose();
  await listening.close();
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

/** The shell commands that set the options of a vendor's client. */
function exportLines({ name, clientOptions }: ListeningVendor): string[] {
  const prefix = baseUrlEnv(name).replace(/BASE_URL$/, "");
  return Object.entries(clientOptions)
    .filter(([, value]) => value !== "")
    .map(([option, value]) => {
      const variable = prefix + option.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
      return `export ${variable}='${value.replaceAll("'", "'\\''")}'`;
    });
}

function parseCount(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`${flag} takes a whole number, not "${text}"`);
  return Number(text);
}
