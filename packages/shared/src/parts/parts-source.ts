import type { FileSource } from "../transfer/source.js";
import type { CreateTransfer, Transfer, TransferDependencies } from "../transfer/transfer.js";
import type { PartsDefinition } from "./definition.js";
import type { JobOfFile } from "./part-row.js";
import { partsTransfer } from "./parts-transfer.js";

/** What is used of a client's connection. */
interface PartsConnection extends TransferDependencies {
  readonly baseUrl: string;
}

/**
 * Makes the source of a file one that comes in parts. Vendors with such files bring it along; others do not load it.
 * @param job the record of the job that the file is of
 */
export function partsSource<T extends object>(
  source: T,
  connection: object,
  definition: PartsDefinition,
  job: object,
): T {
  const whole = source as unknown as FileSource; // generated code hands over nothing else
  const client = connection as PartsConnection; // generated code hands over the one it gets
  if (whole.reply) return source; // it stands for a file that the vendor never made
  const inParts: FileSource = {
    ...whole,
    wrap: <One extends object>(transfer: One, create: unknown): One =>
      partsTransfer(
        transfer as unknown as Transfer,
        (one, options) => (create as CreateTransfer)(one, options, client),
        { source: whole, definition, baseUrl: client.baseUrl, job: job as JobOfFile },
      ) as unknown as One, // only transfers are wrapped
  };
  return inParts as unknown as T;
}
