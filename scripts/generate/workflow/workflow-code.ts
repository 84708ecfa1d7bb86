import { comment, header, sentence } from "../comment.js";
import type { Reading } from "../expression.js";
import type { OpenApi } from "../openapi.js";
import type { Operation } from "../operations.js";
import { type RequestFields, requestFields } from "../request-fields.js";
import { reach } from "../schema-reach.js";
import { criteriaCode } from "./criteria-code.js";
import type { Output, WorkflowPlan } from "./plan.js";
import { type ReplyTypes, readingCode } from "./reading-code.js";
import { jobRequestCode, startRequestCode } from "./request-code.js";
import { bodyType, requestType } from "./request-type.js";

/** Who the code is written for. */
export interface Vendor {
  readonly name: string;
  readonly title: string;
}

/** One workflow as TypeScript: its types, and the constant that fills the runtime's `Workflow`. */
export function workflowCode({ name: vendor, title }: Vendor, document: OpenApi, plan: WorkflowPlan): string {
  const { start, find, poll, download, cancel, typeName, name, workflow } = plan;
  const fields = requestFields(document, start.operation);
  const pollTypes = { document, bodies: poll.bodies };
  const startTypes = { document, bodies: start.bodies };
  const startReply = bodyType(start.operation, start.bodies);
  const body = [
    `name: ${JSON.stringify(name)}`,
    object("start", [
      operationCode(start.operation),
      `request: ${startRequestCode(fields, start.request, start.operation.body !== undefined)}`,
      `accepted: ${lambda(criteriaCode(start.accepted, (reading) => readingCode(reading, startTypes)))}`,
      `outputs: ${start.outputs.length > 0 ? `(reply: Reply<Started>) => (${outputsCode(start.outputs, startTypes)})` : "() => ({})"}`,
      ...(start.keep.length > 0
        ? [`keep: ({ ${start.keep.join(", ")} }) => ({ ${start.keep.join(", ")} })`]
        : []),
    ]),
    ...(find
      ? [
          object("find", [
            `unique: ${JSON.stringify(find.unique)}`,
            `matches: (reply, unique) => matchesText(${readingCode(find.match, pollTypes)}, unique)`,
          ]),
        ]
      : []),
    object("poll", [
      operationCode(poll.operation),
      `request: ${jobRequestCode(poll.request)}`,
      `states: [${poll.states.map(({ state, tests }) => stateCode(state, tests.length > 0 ? criteriaCode(tests, (reading) => readingCode(reading, pollTypes)) : undefined)).join(",\n")}]`,
      ...pollReadings(plan, pollTypes),
      ...(poll.adviceMs === undefined ? [] : [`adviceMs: ${numberCode(poll.adviceMs)}`]),
    ]),
    ...(download
      ? [
          object("download", [
            operationCode(download.operation),
            `request: ${jobRequestCode(download.request)}`,
            ...(download.fileUrl
              ? [`fileUrl: ${fileUrlCode(download.fileUrl, { document, bodies: download.bodies })}`]
              : []),
          ]),
        ]
      : []),
    ...(cancel
      ? [object("cancel", [operationCode(cancel.operation), `request: ${jobRequestCode(cancel.request)}`])]
      : []),
  ].join(",\n");

  const code = [
    comment(`What {@link ${name}} takes: ${placesOf(fields)} of \`${start.operation.id}\`.`),
    `export type ${typeName}Request = ${requestType(start.operation, fields, start.request)};\n`,
    comment(`What ${title} answers when it is asked for the state of the job.`),
    `export type ${typeName}Status = ${bodyType(poll.operation, poll.bodies)};\n`,
    ...(start.outputs.length > 0 ? [`type Started = ${startReply};\n`] : []),
    ...(download?.fileUrl && download.bodies.length > 0
      ? [`type FileAddress = ${bodyType(download.operation, download.bodies)};\n`]
      : []),
    comment(sentence(workflow.summary ?? ""), workflow.description),
    `export const ${name}: Workflow<${typeName}Request, ${typeName}Status> = {\n${body},\n};`,
  ].join("\n");
  return [header(vendor), ...importsOf(code), "", code].join("\n");
}

function placesOf({ path, query, body }: RequestFields): string {
  const places = [
    ...(path.length > 0 ? ["path"] : []),
    ...(query.length > 0 ? ["query"] : []),
    ...(body.length > 0 ? ["body"] : []),
  ];
  if (places.length <= 1) return `the ${places[0] ?? "nothing"}`;
  return `in one object, the ${places.slice(0, -1).join(", ")} and ${places.at(-1)}`;
}

function importsOf(code: string): string[] {
  const runtime = ["Reply", "Workflow"].filter((name) => new RegExp(`\\b${name}<`).test(code));
  const first = code.includes("matchesText(")
    ? `import { matchesText, ${runtime.map((name) => `type ${name}`).join(", ")} } from "@outhaul/shared/runtime";`
    : `import type { ${runtime.join(", ")} } from "@outhaul/shared/runtime";`;
  return [first, ...(code.includes("operations[") ? ['import type { operations } from "./schema.js";'] : [])];
}

function pollReadings({ poll }: WorkflowPlan, types: ReplyTypes): string[] {
  const { known, status } = poll;
  const code = (reading: Reading): string => readingCode(reading, types);
  const progress = [
    ...(known.progressDone ? [`done: ${code(known.progressDone)}`] : []),
    ...(known.progressTotal ? [`total: ${code(known.progressTotal)}`] : []),
  ];
  return [
    ...(status ? [`status: ${lambda(code(status))}`] : []),
    ...(status && isNumeric(status, types) ? ["numericStatus: true"] : []),
    ...(poll.outputs.length > 0 ? [`outputs: (reply) => (${outputsCode(poll.outputs, types)})`] : []),
    ...(progress.length > 0 ? [`progress: (reply) => ({ ${progress.join(", ")} })`] : []),
    ...(known.failureReason ? [`failureReason: ${lambda(code(known.failureReason))}`] : []),
    ...(known.fileName ? [`fileName: ${lambda(code(known.fileName))}`] : []),
  ];
}

function isNumeric(reading: Reading, { document, bodies }: ReplyTypes): boolean {
  if (reading.kind !== "body") return false;
  const schemas = bodies.flatMap(({ schema }) => reach(document, schema, reading.pointer)?.schemas ?? []);
  return schemas.flatMap(({ type }) => type ?? []).some((type) => type === "number" || type === "integer");
}

function stateCode(state: string, criteria: string | undefined): string {
  if (criteria !== undefined) return `["${state}", ${lambda(criteria)}]`;
  return `// Any other word is reported, and waited out for a while.\n["${state}", (reply) => reply.ok]`;
}

function fileUrlCode(reading: Reading, types: ReplyTypes): string {
  const isTyped = types.bodies.length > 0;
  return `(reply${isTyped ? ": Reply<FileAddress>" : ""}) => ${readingCode(reading, types)}`;
}

function outputsCode(outputs: readonly Output[], types: ReplyTypes): string {
  return `{ ${outputs.map(({ name, reading }) => `${name}: ${readingCode(reading, types)}`).join(", ")} }`;
}

function operationCode({ id, method, path }: Operation): string {
  return `operation: { id: ${JSON.stringify(id)}, method: ${JSON.stringify(method)}, path: ${JSON.stringify(path)} }`;
}

function object(name: string, lines: readonly string[]): string {
  return `${name}: {\n${lines.join(",\n")},\n}`;
}

function lambda(code: string): string {
  return `(${code.includes("reply") ? "reply" : ""}) => ${code}`;
}

/** `60000` → `60_000`. */
function numberCode(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "_");
}
