import { filesOf, pollOf } from "@outhaul/spec";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";

/** Checks that the spec says what the file of a workflow is, so that nothing else is taken for it. */
export function checkFileTypes(
  { operations, report }: ArazzoContext,
  { workflow, at }: LocatedWorkflow,
): void {
  const last = workflow.steps.at(-1);
  const operation = operations.get(last?.operationId ?? "");
  if (!last || !operation || last.outputs?.["fileUrl"] !== undefined) return; // the reply is an address
  const path = [...at, "steps", workflow.steps.length - 1, "operationId"];
  const files = filesOf(operation);
  if (files.length === 0 && operation.replies.some(({ status }) => status.startsWith("2"))) {
    report(
      path,
      "file-type",
      `openapi.yaml does not say what the file is that ${operation.id} sends`,
      "content: { text/csv: { schema: {} } } in its 200 reply, with each media type that the file may have",
    );
  } else if (last === pollOf(workflow) && files.some(({ isJson }) => isJson)) {
    report(
      path,
      "file-type",
      `the file that ${operation.id} sends may be JSON, and nothing tells it from a state`,
      "take application/json out of its 200 reply, or ask for the file in a step of its own",
    );
  }
}
