import { errorAdvice } from "./error-advice.js";
import { readErrors } from "./read-errors.js";

/**
 * Writes the catalogue of errors: every code of the classes, what it means and what to do.
 * @throws {Error} if a code has no advice, or an advice no code
 */
export function errorsPage(folder: string): string {
  const { classes, codes } = readErrors(folder);
  const missing = [...codes].filter((code) => !(code in errorAdvice));
  const extra = Object.keys(errorAdvice).filter((code) => !codes.has(code));
  if (missing.length > 0 || extra.length > 0)
    throw new Error(
      `scripts/site/error-advice.ts lacks ${missing.join(", ") || "nothing"}, and has too much: ${extra.join(", ") || "nothing"}`,
    );
  const classOf = (code: string): string[] =>
    classes.filter((each) => each.codes.includes(code)).map(({ name }) => name);
  return [
    "# Errors",
    "",
    "Every error that Outhaul makes is an `OuthaulError` with a `code`. The codes do not change; messages may. `error.token` is set when an export is left running: `client.resume(error.token)` goes on with it. An abort rejects with `signal.reason`. On the command line, [exit codes](../packages/cli#when-something-goes-wrong) say the same.",
    "",
    "```ts",
    'import { createOngage, JobFailedError, TimeoutError } from "@outhaul/ongage";',
    "",
    'const ongage = createOngage({ apiKey: process.env.OUTHAUL_ONGAGE_API_KEY ?? "" });',
    "try {",
    '  const job = await ongage.exportContactSearch({ title: "Readers" });',
    '  await job.save("exports/", { timeoutMs: 3_600_000 });',
    "} catch (error) {",
    '  if (TimeoutError.isInstance(error)) console.log("goes on:", error.token);',
    "  else if (JobFailedError.isInstance(error)) console.error(error.message);",
    "  else throw error;",
    "}",
    "```",
    "",
    "## Codes",
    "",
    "| code and class | what it means | what to do |",
    "|---|---|---|",
    ...Object.entries(errorAdvice).map(
      ([code, { means, todo }]) =>
        `| <a id="${code.toLowerCase()}"></a>\`${code}\`<br>${classOf(code).join(", ") || "OuthaulError"} | ${means} | ${todo} |`,
    ),
    "",
    "## Classes",
    "",
    "| class | |",
    "|---|---|",
    ...classes.map(({ name, summary }) => `| \`${name}\` | ${summary.replace(/\{@link (\w+)\}/g, "`$1`")} |`),
    "",
  ].join("\n");
}
