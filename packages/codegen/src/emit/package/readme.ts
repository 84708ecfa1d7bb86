import { type DocsLink, type OpenApi, type Quota, readOperations } from "@outhaul/spec";
import type { VendorOptions } from "../../load/client-options.js";
import type { LimitsPlan } from "../../plan/plan-limits.js";
import type { VendorPlan } from "../../plan/vendor-plan.js";
import type { WorkflowPlan } from "../../plan/workflow-plan.js";
import { sentence } from "../../text/comment.js";
import type { Format } from "../../text/format.js";
import { pascalCase } from "../../text/names.js";
import { oneLine } from "../../text/one-line.js";
import { exampleCode } from "./example-code.js";
import { statesOf } from "./states-table.js";

/** Writes the README of a vendor package. Tests compile and run the program in it. */
export function readme(plan: VendorPlan, format: Format): string {
  const { vendor, title, packageName, document, options, workflows } = plan;
  const { description } = document.info;
  const shared = sharedNotes(workflows);
  return `${[
    `<!-- ${plan.notice} -->`,
    `# ${packageName}`,
    `Runs exports of ${title}: starts them, waits for them, and saves the file.`,
    ...(description ? [oneLine(description)] : []),
    `\`\`\`sh\nnpm install ${packageName}\n\`\`\``,
    "## Example",
    `<!-- example -->\n\`\`\`ts\n${format("example.ts", exampleCode(plan)).trim()}\n\`\`\``,
    "`job.events()` reports while it waits; `job.wait()`, `job.download()` and `job.save()` wait by themselves. `job.save()` looks at its target before it waits; `await checkTarget(to)` tells of one that cannot be written before anything is started.",
    "## Options",
    optionsTable(vendor, options),
    `\`create${pascalCase(vendor)}FromEnv()\` of \`${packageName}/env\` reads them from the environment, and names what is missing.`,
    "Every client also takes `baseUrl`, `fetch`, `userAgent`, `requestTimeoutMs`, `rateLimit`, `clock` and `onEvent`: see `@outhaul/shared`. A credential is a text, or a function that gets one; the function is asked again after the vendor has answered 401.",
    ...(options.oauth2 ? [signInText(options.oauth2)] : []),
    "## Errors",
    "Every error is an `OuthaulError` with a `code`; `token` is set when a live job is left behind. `ApiError`: the vendor refused a request. `CreateAmbiguousError`: the reply to a start was lost, so that a job may exist. `JobFailedError`, `JobCancelledError`, `JobExpiredError`, `JobGoneError`: the job has ended without a file. `TimeoutError`, `PollFailedError`, `UnknownStatusError`: this wait gave up, the job may go on. `DownloadError`: the file could not be fetched or kept whole; nothing half-written is left. An abort rejects with `signal.reason`.",
    "## Limits",
    limitsText(title, plan.limits),
    "## Exports",
    ...(shared.length > 0 && workflows.length > 1 ? [`All of them: ${shared.join(" ")}`] : []),
    ...workflows.flatMap((workflow) => workflowSection(title, workflow, workflows.length > 1 ? shared : [])),
    "## Operations",
    `\`client.api\` has every documented operation, typed: \`await client.api.GET("/path", { params })\`. Look at \`response.ok\` of the result.`,
    operationsTable(document),
    "## Going on in another process",
    `\`job.token\` is a short text without a secret. Keep it, and later: \`await create${pascalCase(vendor)}(options).resume(token).save("exports/", { timeoutMs: 3_600_000 })\`.`,
    `## ${title}'s documents`,
    docsList(plan),
  ].join("\n\n")}\n`;
}

function optionsTable(vendor: string, { credentials, variables, oauth2 }: VendorOptions): string {
  const isAlone = credentials.length === 1;
  const rows = [
    ...credentials.flatMap((alternative, index) =>
      alternative.map(({ name, description, env }) => [
        `\`${name}\``,
        sentence(description),
        isAlone ? "required" : index === 0 ? "required" : "instead of the above",
        `\`${env}\``,
      ]),
    ),
    ...(oauth2?.grant === "refresh_token"
      ? [
          [
            "`onRefreshToken`",
            "Gets each refresh token that takes the place of the one before.",
            "optional",
            "",
          ],
        ]
      : []),
    ...variables.map((variable) => [
      `\`${variable.name}\``,
      sentence(variable.description),
      variable.default === undefined
        ? "required"
        : variable.default === ""
          ? "optional"
          : `default \`${variable.default}\``,
      `\`${variable.env}\``,
    ]),
  ];
  return table([`option of \`create${pascalCase(vendor)}\``, "what it is", "", "environment"], rows);
}

function signInText({ option, grant, tokenUrl }: NonNullable<VendorOptions["oauth2"]>): string {
  const with_ =
    grant === "refresh_token"
      ? "`clientId`, `clientSecret` and `refreshToken`"
      : "`clientId` and `clientSecret`";
  return `With ${with_} the client gets its tokens from \`${tokenUrl}\` by itself (with a \`baseUrl\`, from the same path there): one request at a time, before a token ends and when one is refused. Secrets go nowhere else. With \`${option}\` you get them yourself.`;
}

/** A workflow. What is true of all of them is said once, above. */
function workflowSection(title: string, plan: WorkflowPlan, shared: readonly string[]): string[] {
  const { name, workflow, start, poll, download, oneStep } = plan;
  const path = (operation: { method: string; path: string }): string =>
    `\`${operation.method} ${operation.path}\``;
  const steps = oneStep
    ? `Downloads with ${path(start.operation)}, whose reply is the file: there is nothing to wait for.`
    : [
        `Starts with ${path(start.operation)}`,
        poll.link
          ? ", and asks at the link that its reply brings, without credentials; the reply that says it is ready is the file."
          : `, asks with ${path(poll.operation)}`,
        download
          ? `, downloads with ${path(download.operation)}.`
          : poll.link
            ? ""
            : "; the reply that says it is ready is the file.",
      ].join("");
  const own = notesOf(plan).filter((note) => !shared.includes(note));
  return [
    `### \`${name}(request)\``,
    // The description begins with what the summary says.
    oneLine(workflow.description ?? "") || sentence(workflow.summary ?? ""),
    [steps, ...own].join(" "),
    table(
      ["state", `what ${title} says`],
      statesOf(workflow).map(([state, criteria]) => [`\`${state}\``, criteria]),
    ),
  ];
}

/** What a user has to know about a workflow, a sentence each. */
function notesOf({ cancel, find, poll, download, oneStep }: WorkflowPlan): string[] {
  if (oneStep)
    return [
      "Each `save` and `download` sends the request anew; the vendor may take up to ten minutes until the file begins, unless `timeouts.headersMs` says otherwise. `job.cancel()` says `unsupported`: nothing runs at the vendor.",
    ];
  return [
    cancel
      ? `\`job.cancel()\` calls \`${cancel.operation.method} ${cancel.operation.path}\`.`
      : "`job.cancel()` says `unsupported`: there is no documented way.",
    find
      ? `A suffix makes \`${find.unique}\` unique, so that a job is found again when the reply to its start was lost.`
      : "A start whose reply was lost is not repeated: it throws a `CreateAmbiguousError`.",
    ...(poll.link
      ? [
          "Who has the link has the file: the resume token holds it sealed with the client's credentials, so resume a job with those that started it. A function for a credential has to give the same one.",
        ]
      : []),
    ...(download?.trustedOrigin
      ? [
          `The file's address gets the credentials, too, if it is on \`${download.trustedOrigin}\` (with a \`baseUrl\`, on that).`,
        ]
      : []),
    ...(poll.adviceMs === undefined
      ? []
      : [`Asks no more often than every ${poll.adviceMs / 1000} s, unless you give a schedule.`]),
  ];
}

/** The notes that all workflows share. */
function sharedNotes(workflows: readonly WorkflowPlan[]): string[] {
  const [first, ...others] = workflows.map(notesOf);
  return (first ?? []).filter((note) => others.every((notes) => notes.includes(note)));
}

function operationsTable(document: OpenApi): string {
  const rows = readOperations(document).map(({ method, path, summary = "", docs }) => [
    `\`${method} ${path}\``,
    summary,
    docs.map(({ url }, index) => `[${index === 0 ? "docs" : index + 1}](${url})`).join(" "),
  ]);
  return table(["operation", "what it does", ""], rows);
}

function limitsText(
  title: string,
  { quotas, maxConcurrent, maxOpenJobs, operations, isLong }: LimitsPlan,
): string {
  const parts = [
    ...quotas.map(quotaText),
    ...(maxConcurrent ? [`${maxConcurrent} requests at once`] : []),
    ...operations.map((one) => `of \`${one.id}\` ${one.quotas.map(quotaText).join(" and ")}`),
  ];
  const turns = maxOpenJobs
    ? ` It allows ${maxOpenJobs === 1 ? "one open export" : `${maxOpenJobs} open exports`} at once, so further starts of a client wait for their turn, in order; the event \`turn\` tells it, again every minute, and \`timeoutMs\` of a start ends it with a \`TimeoutError\`. An export is open until ${title} says that it has ended, also one that you no longer wait for, or that was resumed.`
    : "";
  if (parts.length === 0)
    return `${title} documents no limits${turns && " of requests"}. \`rateLimit\` sets your own.${turns}`;
  const kept = `${title} allows an account ${parts.join(", ")}. The client keeps to them; \`rateLimit\` replaces ${operations.length > 0 ? "those of all requests together" : "them"} where your account has others.`;
  if (!isLong) return kept + turns;
  return `${kept}${turns} A request that has to wait is told by the event \`limited\`, again every minute. The option \`timeoutMs\` of a start ends such a wait with a \`TimeoutError\`, whose \`retryAt\` is when the next slot is free.`;
}

function quotaText({ quota, windowMs }: Quota): string {
  const seconds = windowMs / 1000;
  const time =
    seconds % 3600 === 0
      ? `${seconds / 3600} h`
      : seconds % 60 === 0 && seconds > 60
        ? `${seconds / 60} min`
        : `${seconds} s`;
  return `${quota} requests in ${time}`;
}

function docsList({ document, workflows }: VendorPlan): string {
  const links: DocsLink[] = [
    ...workflows.flatMap(({ workflow }) => workflow["x-docs"] ?? []),
    ...readOperations(document).flatMap(({ docs }) => docs),
  ];
  const unique = new Map(links.map((link) => [link.url, link.read]));
  return [...unique].map(([url, read]) => `- <${url}> (read ${read})`).join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(oneLine).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
