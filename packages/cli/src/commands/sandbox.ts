import type { ListeningVendor } from "@outhaul/sandbox/node";
import { baseUrlEnv } from "../client/options.js";
import { UsageError } from "../errors/command-error.js";
import { listenForInterrupt } from "../terminal/interrupt.js";
import type { Io } from "../terminal/io.js";

/** Starts the sandbox on loopback, prints the environment for its vendors, and listens until it is interrupted. */
export async function runSandbox(
  names: readonly string[],
  flags: { polls: string; size: string },
  io: Io,
): Promise<void> {
  const polls = count("--polls", flags.polls);
  const sizeBytes = count("--size", flags.size);
  const { createSandbox, listen } = await import("@outhaul/sandbox/node").then(async (node) => ({
    ...node,
    ...(await import("@outhaul/sandbox")),
  }));
  let sandbox: ReturnType<typeof createSandbox>;
  try {
    sandbox = createSandbox({ ...(names.length ? { vendors: names } : {}), jobs: { polls, sizeBytes } });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
  const interrupt = listenForInterrupt();
  const listening = await listen({ sandbox });
  for (const vendor of Object.values(listening.vendors)) {
    for (const line of environment(vendor)) io.stdout.write(`${line}\n`);
  }
  io.stderr.write("The sandbox listens; Ctrl-C ends it. Paste the lines above into another terminal.\n");
  await new Promise<void>((resolve) => {
    if (interrupt.signal.aborted) resolve();
    interrupt.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  interrupt.dispose();
  await listening.close();
}

/** The lines for a shell that let the program use a vendor of the sandbox. */
function environment({ name, clientOptions }: ListeningVendor): string[] {
  const prefix = baseUrlEnv(name).replace(/BASE_URL$/, "");
  return Object.entries(clientOptions)
    .filter(([, value]) => value !== "")
    .map(([option, value]) => {
      const variable = prefix + option.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
      return `export ${variable}='${value.replaceAll("'", "'\\''")}'`;
    });
}

function count(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`${flag} takes a whole number, not "${text}"`);
  return Number(text);
}
