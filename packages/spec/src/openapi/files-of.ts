import type { Body, Operation } from "./operations.js";

/** The bodies of the reply that brings a file: one for each media type that the file may have. */
export function filesOf({ replies }: Operation): readonly Body[] {
  return replies.find(({ status }) => status === "200")?.bodies ?? [];
}
