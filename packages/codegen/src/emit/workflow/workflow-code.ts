import {
  fieldRules,
  type OpenApi,
  type ParsedCriterion,
  type Reading,
  type RequestFields,
  reach,
  requestFields,
} from "@outhaul/spec";
import { hasKeyInQuery } from "../../load/client-options.js";
import type { VendorPlan } from "../../plan/vendor-plan.js";
import { hasEmpty, type Output, type WorkflowPlan } from "../../plan/workflow-plan.js";
import { comment, sentence } from "../../text/comment.js";
import { numberCode } from "../../text/literal-code.js";
import { criteriaCode } from "./criteria-code.js";
import { downloadCode, fileCode, insideOf, replyTypeOf, sourceCode } from "./download-code.js";
import { importsOfShared } from "./feature-imports.js";
import { type ReplyTypes, readingCode } from "./reading-code.js";
import { jobRequestCode, literalNames, startRequestCode } from "./request-code.js";
import { bodyType, fieldRuleType, requestType } from "./request-type.js";
import { lambda, objectCode, operationCode, readsBody } from "./step-code.js";

/** Writes the file of one workflow: its types, and its `Workflow` for the runtime. */
export function workflowCode({ title, notice, document, options }: VendorPlan, plan: WorkflowPlan): string {
  const { start, further, poll, download, typeName, name, workflow, oneStep } = plan;
  const fields = requestFields(document, start.operation);
  const about = comment(sentence(workflow.summary ?? ""), workflow.description);
  const request = requestCode(plan, document, fields);
  if (oneStep) {
    const code = [...request, about, oneStepCode(plan, document, hasKeyInQuery(options))].join("\n");
    return [`// ${notice}`, ...importsOf(code), "", code].join("\n");
  }
  const code = [
    ...request,
    ...statusCode(plan, title),
    ...(readsStarted(plan) ? [`type Started = ${bodyType(start.operation, start.bodies)};\n`] : []),
    ...(further && readsBody(further.accepted)
      ? [`type Further = ${bodyType(further.operation, further.bodies)};\n`]
      : []),
    ...(download && replyTypeOf(download)
      ? [`type ${replyTypeOf(download)} = ${bodyType(download.operation, download.bodies)};\n`]
      : []),
    about,
    `export const ${name}: Workflow<${typeName}Request, ${typeName}Status> = ${poll.link ? "linkPoll({" : "{"}`,
    [
      `name: ${JSON.stringify(name)}`,
      startCode(plan, document),
      ...findCode(plan, document),
      ...furtherCode(plan, document),
      ...(poll.link ? linkPollCode(plan, poll.link, document) : [pollCode(plan, document)]),
      ...downloadCode(plan, document, hasKeyInQuery(options)),
      ...(hasEmpty(plan) ? ["empty: emptyExport"] : []),
      ...cancelCode(plan),
    ].join(",\n"),
    poll.link ? "});" : "};",
  ].join("\n");
  return [`// ${notice}`, ...importsOf(code), "", code].join("\n");
}

/** The type of what a poll answers. */
function statusCode({ typeName, poll }: WorkflowPlan, title: string): string[] {
  return poll.link
    ? [
        comment("What the host of the file answers as long as the file is not there: a text, if anything."),
        `export type ${typeName}Status = string | undefined;\n`,
      ]
    : [
        comment(`What ${title} answers when it is asked for the state of the job.`),
        `export type ${typeName}Status = ${bodyType(poll.operation, poll.bodies)};\n`,
      ];
}

/** The type of the request; where its fields have rules, it is made of the type of the fields. */
function requestCode(
  { name, typeName, start }: WorkflowPlan,
  document: OpenApi,
  fields: RequestFields,
): string[] {
  const about = comment(`What {@link ${name}} takes: ${locationsOf(fields)} of \`${start.operation.id}\`.`);
  const type = requestType(start.operation, fields, start.request);
  const literals = literalNames(start.request.body);
  const rules = fieldRules(document, start.operation.body?.schema, literals).map(
    (rule) => `(${fieldRuleType(rule, "Fields")})`,
  );
  const request = (of: string) => [about, `export type ${typeName}Request = ${of};\n`];
  return rules.length > 0
    ? [`type Fields = ${type};\n`, ...request(["Fields", ...rules].join(" & "))]
    : request(type);
}

/** A workflow whose one request is the whole export. */
function oneStepCode(
  { name, typeName, start, download, oneStep }: WorkflowPlan,
  document: OpenApi,
  hasKey: boolean,
): string {
  const fields = requestFields(document, start.operation);
  const isEmpty =
    oneStep?.empty &&
    criteriaCode(oneStep.empty, (reading) => readingCode(reading, { document, bodies: [] }));
  const lines = [
    `name: ${JSON.stringify(name)}`,
    operationCode(start.operation, false),
    `request: ${startRequestCode(fields, start.request, false)}`,
    ...fileCode(download?.file),
    ...sourceCode({ inside: insideOf(download?.file), hasKey }),
    ...(isEmpty ? [`empty: { when: ${lambda(isEmpty)}, file: emptyExport }`] : []),
  ];
  return `export const ${name}: Workflow<${typeName}Request, undefined> = oneStep({\n${lines.join(",\n")},\n});`;
}

function startCode({ start }: WorkflowPlan, document: OpenApi): string {
  const types = { document, bodies: start.bodies };
  const hasBody = start.operation.body !== undefined;
  const kept = `{ ${start.keep.join(", ")} }`;
  return objectCode("start", [
    operationCode(start.operation, true),
    `request: ${startRequestCode(requestFields(document, start.operation), start.request, hasBody)}`,
    `accepted: ${acceptedCode(start.accepted, types, "Started")}`,
    start.outputs.length > 0
      ? `outputs: (reply: Reply<Started>) => (${outputsCode(start.outputs, types)})`
      : "outputs: () => ({})",
    ...(start.keep.length > 0 ? [`keep: (${kept}) => (${kept})`] : []),
  ]);
}

function furtherCode({ further, poll, typeName }: WorkflowPlan, document: OpenApi): string[] {
  if (!further) return [];
  const { operation, request, accepted, due, bodies } = further;
  const isDue = criteriaCode(due, (reading) => readingCode(reading, { document, bodies: poll.bodies }));
  const lines = [
    operationCode(operation, request.body.length > 0),
    `request: ${jobRequestCode(request)}`,
    `accepted: ${acceptedCode(accepted, { document, bodies }, "Further")}`,
    `isDue: (reply: Reply<${typeName}Status>) => ${isDue}`,
  ];
  return [`further: furtherStep({\n${lines.join(",\n")},\n})`];
}

function acceptedCode(criteria: readonly ParsedCriterion[], types: ReplyTypes, type: string): string {
  const code = criteriaCode(criteria, (reading) => readingCode(reading, types));
  return readsBody(criteria) ? `(reply: Reply<${type}>) => ${code}` : lambda(code);
}

/** True if the start's reply is read, so that its type is needed. */
function readsStarted({ start: { outputs, accepted }, poll }: WorkflowPlan): boolean {
  return outputs.length > 0 || readsBody(accepted) || poll.link !== undefined;
}

function findCode({ find, poll }: WorkflowPlan, document: OpenApi): string[] {
  if (!find) return [];
  const value = readingCode(find.match, { document, bodies: poll.bodies });
  return [
    objectCode("find", [
      `unique: ${JSON.stringify(find.unique)}`,
      `matches: (reply, unique) => matchesText(${value}, unique)`,
      'load: () => import("@outhaul/shared/find-lost-job")',
    ]),
  ];
}

/** A poll that asks at a link of the start's reply. */
function linkPollCode(
  plan: WorkflowPlan,
  { reading, inside }: NonNullable<WorkflowPlan["poll"]["link"]>,
  document: OpenApi,
): string[] {
  const { poll, start } = plan;
  const link = readingCode(reading, { document, bodies: start.bodies });
  return [
    `link: (reply: Reply<Started>) => ${link}`,
    objectCode("poll", [
      statesCode(plan, document),
      ...adviceCode(poll.adviceMs),
      ...sourceCode({ inside: inside === undefined ? {} : { "*/*": inside }, hasKey: false }),
    ]),
  ];
}

function statesCode({ poll }: WorkflowPlan, document: OpenApi): string {
  const code = (reading: Reading): string => readingCode(reading, { document, bodies: poll.bodies });
  const states = poll.states.map(({ state, tests }) =>
    tests.length > 0
      ? `["${state}", ${lambda(criteriaCode(tests, code))}]`
      : `// Any other word is reported, and waited out for a while.\n["${state}", (reply) => reply.ok]`,
  );
  return `states: [${states.join(",\n")}]`;
}

function adviceCode(adviceMs: number | undefined): string[] {
  return adviceMs === undefined ? [] : [`adviceMs: ${numberCode(adviceMs)}`];
}

function pollCode(plan: WorkflowPlan, document: OpenApi): string {
  const { poll } = plan;
  const { known, status } = poll;
  const types = { document, bodies: poll.bodies };
  const code = (reading: Reading): string => readingCode(reading, types);
  const progress = [
    ...(known.progressDone ? [`done: ${code(known.progressDone)}`] : []),
    ...(known.progressTotal ? [`total: ${code(known.progressTotal)}`] : []),
  ];
  return objectCode("poll", [
    operationCode(poll.operation, poll.request.body.length > 0),
    `request: ${jobRequestCode(poll.request)}`,
    statesCode(plan, document),
    ...(status ? [`status: ${lambda(code(status))}`] : []),
    ...(status && isNumeric(status, types) ? ["numericStatus: true"] : []),
    ...(poll.outputs.length > 0 ? [`outputs: (reply) => (${outputsCode(poll.outputs, types)})`] : []),
    ...(progress.length > 0 ? [`progress: (reply) => toProgress({ ${progress.join(", ")} })`] : []),
    ...(known.failureReason ? [`failureReason: (reply) => vendorError(${code(known.failureReason)})`] : []),
    ...(known.fileName ? [`fileName: ${lambda(code(known.fileName))}`] : []),
    ...adviceCode(poll.adviceMs),
    ...fileCode(poll.file),
    ...sourceCode({ inside: insideOf(poll.file), hasKey: false }),
    ...(poll.file ? ['loadFilePoll: () => import("@outhaul/shared/poll-with-file")'] : []),
  ]);
}

function cancelCode({ cancel }: WorkflowPlan): string[] {
  if (!cancel) return [];
  return [
    objectCode("cancel", [
      operationCode(cancel.operation, cancel.request.body.length > 0),
      `request: ${jobRequestCode(cancel.request)}`,
      'load: () => import("@outhaul/shared/cancel")',
    ]),
  ];
}

function locationsOf({ path, query, body }: RequestFields): string {
  const locations = [
    ...(path.length > 0 ? ["path"] : []),
    ...(query.length > 0 ? ["query"] : []),
    ...(body.length > 0 ? ["body"] : []),
  ];
  if (locations.length <= 1) return `the ${locations[0] ?? "nothing"}`;
  return `in one object, the ${locations.slice(0, -1).join(", ")} and ${locations.at(-1)}`;
}

function importsOf(code: string): string[] {
  const runtime = ["Absent", "Given", "Reply", "Workflow"].filter((name) =>
    new RegExp(`\\b${name}<|: ${name}\\)`).test(code),
  );
  const first = code.includes("matchesText(")
    ? `import { matchesText, ${runtime.map((name) => `type ${name}`).join(", ")} } from "@outhaul/shared/runtime";`
    : `import type { ${runtime.join(", ")} } from "@outhaul/shared/runtime";`;
  return [
    ...importsOfShared(code, first),
    ...(code.includes("operations[") ? ['import type { operations } from "./schema.js";'] : []),
  ];
}

function isNumeric(reading: Reading, { document, bodies }: ReplyTypes): boolean {
  if (reading.kind !== "body") return false;
  const schemas = bodies.flatMap(({ schema }) => reach(document, schema, reading.pointer)?.schemas ?? []);
  return schemas.flatMap(({ type }) => type ?? []).some((type) => type === "number" || type === "integer");
}

function outputsCode(outputs: readonly Output[], types: ReplyTypes): string {
  return `{ ${outputs.map(({ name, reading }) => `${name}: ${readingCode(reading, types)}`).join(", ")} }`;
}
