import type { ExportJob } from "@outhaul/shared";
import { UsageError } from "../errors/command-error.js";
import type { Order, Report } from "./message.js";
import { createClient, saveOptions } from "./vendor.js";

/** The process that the demo kills: takes an order from its parent, and reports what happens to the export. */
export async function runWorker(): Promise<void> {
  if (!process.send) throw new UsageError("this is a part of outhaul demo");
  // The parent answers Ctrl-C. Without a parent there is nobody to work for.
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => {});
  process.on("disconnect", () => process.exit(1));
  const order = await new Promise<Order>((resolve) => process.once("message", resolve));
  try {
    const path = await runOrder(order);
    report(path);
  } catch (error) {
    report({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

async function runOrder({ clientOptions, to, token }: Order): Promise<Report> {
  const client = createClient(clientOptions);
  const job = token === undefined ? await client.start() : client.resume(token);
  report({ type: "started", id: job.id, token: job.token });
  const polls = reportPolls(job).catch(() => {}); // `job.save` throws the same error
  const file = await job.save(to, {
    ...saveOptions,
    progressIntervalMs: 100,
    onProgress: ({ bytes, totalBytes }) => report({ type: "bytes", bytes, totalBytes }),
    onEvent(event) {
      if (event.type === "retry") report({ type: "broke", message: event.error.message });
      if (event.type === "resumed") report({ type: "wentOn", bytes: event.bytes });
    },
  });
  await polls;
  return { type: "saved", path: file.path ?? "", sizeBytes: file.sizeBytes };
}

async function reportPolls(job: ExportJob): Promise<void> {
  const { timeoutMs, schedule } = saveOptions;
  for await (const { type, snapshot } of job.events({ timeoutMs, schedule })) {
    if (type === "created") continue;
    report({ type: "polled", state: snapshot.state, polls: snapshot.polls, progress: snapshot.progress });
  }
}

function report(message: Report): void {
  process.send?.(message);
}
