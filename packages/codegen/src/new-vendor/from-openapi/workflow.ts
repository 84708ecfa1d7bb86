import type { JsonObject } from "../../published/json-object.js";
import type { DocumentParts } from "./document.js";
import { escaped } from "./document.js";
import type { Draft } from "./draft.js";
import type { DraftOperation } from "./draft-operation.js";
import { bestField, type FoundField, fieldsOf, mayBe, plainName } from "./fields.js";
import type { StateWord, WordState } from "./guess-states.js";
import { sampleOf } from "./samples.js";
import type { Credential } from "./sign-in.js";
import type { Remark } from "./yaml-text.js";

/** A parameter that a step sends. */
interface Sent {
  readonly name: string;
  readonly in: string;
  readonly value: unknown;
}

const STATES: readonly WordState[] = ["queued", "running", "empty", "failed", "cancelled", "expired"];

/** Makes the value of the first exports.arazzo.yaml, with what a person has to look at. @param request a complete request */
export function workflowOf(
  { vendor, title, signIn, draft }: DocumentParts,
  request: JsonObject,
  fields: readonly string[],
): { value: JsonObject; remarks: Remark[] } {
  const at = ["workflows", 0] as const;
  const remarks: Remark[] = [
    { at: [...at, "workflowId"], text: "FILL IN the name of the client's method." },
    { at: [...at, "inputs", "examples"], text: "FILL IN a complete request." },
    {
      at: [...at, "steps"],
      text: "FILL IN above the steps the call that stops an export, where there is one: x-cancel: { operationId, parameters }",
    },
    {
      at: [...at, "steps", 0, "x-create"],
      text: "FILL IN how a job is found whose reply was lost, where there is a list to look in.",
    },
  ];
  const { steps, pollRemarks } = stepsOf(draft, fields);
  for (const [index, texts] of pollRemarks)
    for (const text of texts) remarks.push({ at: [...at, "steps", index], text });
  const start = draft.start;
  const typed = Object.fromEntries(fields.map((name) => [name, inputType(draft, start, name)]));
  return {
    remarks,
    value: {
      arazzo: "1.0.1",
      info: { title: `Exports of ${title}`, version: "1.0.0" },
      sourceDescriptions: [{ name: vendor.name, url: "./openapi.yaml", type: "openapi" }],
      workflows: [
        {
          workflowId: "createExport",
          summary: "Create an export",
          description: "Exports the data, waits until it is ready, and fetches the file.",
          "x-docs": [{ url: vendor.docs, read: vendor.read }],
          inputs: {
            type: "object",
            properties: { ...credentialInputs(signIn), ...typed },
            examples: [request],
          },
          ...carried(signIn),
          steps,
        },
      ],
    },
  };
}

function credentialInputs(signIn: readonly Credential[]): JsonObject {
  const secret = { type: "string", format: "password" };
  return Object.fromEntries(
    signIn.flatMap(({ kind, key }): [string, unknown][] =>
      kind === "basic"
        ? [
            ["username", { type: "string" }],
            ["password", secret],
          ]
        : [[key, secret]],
    ),
  );
}

function carried(signIn: readonly Credential[]): JsonObject {
  const parameters = signIn.flatMap(({ kind, key, carrier }): Sent[] => {
    if (kind === "basic") return [];
    if (kind === "header" || kind === "query") return [{ name: carrier, in: kind, value: `$inputs.${key}` }];
    return [{ name: "authorization", in: "header", value: `Bearer {$inputs.${key}}` }];
  });
  const basic = signIn.some(({ kind }) => kind === "basic");
  return {
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(basic
      ? {
          "x-security": [
            {
              scheme: { type: "http", scheme: "basic" },
              values: { username: "$inputs.username", password: "$inputs.password" },
            },
          ],
        }
      : {}),
  };
}

function inputType({ writer }: Draft, start: DraftOperation, name: string): JsonObject {
  const parameter = start.parameters.find((one) => one.name === name && one.in !== "header");
  const body = start.body && writer.resolve(start.body.schema);
  const branches = [body, ...(body?.anyOf ?? []).map((one) => writer.resolve(one))];
  const schema = parameter?.schema ?? branches.find((one) => one?.properties?.[name])?.properties?.[name];
  const types = schema ? [writer.resolve(schema).type ?? []].flat().filter((type) => type !== "null") : [];
  return types.length === 1 ? { type: types[0] } : {};
}

function stepsOf(draft: Draft, fields: readonly string[]) {
  const { start, poll, download, id, status, fileUrl, failureReason, writer } = draft;
  const pollRemarks = new Map<number, string[]>([
    [1, []],
    [2, []],
  ]);
  const tell = (index: number, text: string): void => void pollRemarks.get(index)?.push(text);
  const codes = start.replies.map(({ status: code }) => `$statusCode == ${code}`);
  const headers = start.parameters.filter((one) => one.in === "header" && one.required);
  if (headers.length > 0)
    pollRemarks.set(0, [`FILL IN what ${headers.map(({ name }) => name).join(", ")} has to be.`]);
  const payload = Object.fromEntries(
    fields
      .filter((name) => !start.parameters.some((one) => one.name === name))
      .map((name) => [name, `$inputs.${name}`]),
  );
  // Respect would send an optional parameter that nobody gives as a text.
  const ownParameters = start.parameters.filter(({ required }) => required);
  const startStep = {
    stepId: "start",
    operationId: start.id,
    ...parametersOf(
      ownParameters.map(({ name, in: place, schema }) => ({
        name,
        in: place,
        value: place === "header" ? sampleOf(writer, schema, { fields: "all" }, name) : `$inputs.${name}`,
      })),
    ),
    ...(start.body ? { requestBody: { contentType: start.body.contentType, payload } } : {}),
    successCriteria: [{ condition: codes.join(" || ") }],
    outputs: { id: pointerTo(id) },
    "x-create": "none",
  };
  const known = new Map<string, string>();
  const pollSent = sentBy(draft, poll, fields, known, (text) => tell(1, text));
  const isFileStep = download === poll && !fileUrl;
  const downloadSent =
    download === poll ? pollSent : sentBy(draft, download, fields, known, (text) => tell(2, text));
  const outputs = {
    ...(failureReason ? { failureReason: pointerTo(failureReason) } : {}),
    ...Object.fromEntries(known),
  };
  const pollStep = {
    stepId: "poll",
    operationId: poll.id,
    ...pollSent,
    ...(status
      ? wordActions(pointerTo(status.field), status.words)
      : {
          successCriteria: [{ condition: "$statusCode == 200" }],
          onFailure: [
            {
              name: "running",
              type: "retry",
              retryAfter: 5,
              retryLimit: 20,
              criteria: [{ condition: "$statusCode == 202" }],
            },
          ],
        }),
    ...(Object.keys(outputs).length > 0 ? { outputs } : {}),
  };
  tell(1, "FILL IN the vendor's words, and the interval in seconds that it advises (retryAfter).");
  const unclear = (status?.words ?? []).filter(({ isGuess }) => isGuess).map(({ word }) => word);
  if (unclear.length > 0) tell(1, `FILL IN what these mean, which is a guess: ${unclear.join(", ")}.`);
  const downloadStep = {
    stepId: "download",
    operationId: download.id,
    ...downloadSent,
    successCriteria: [{ condition: "$statusCode == 200" }],
    ...(fileUrl ? { outputs: { fileUrl: pointerTo(fileUrl) } } : {}),
  };
  return { steps: isFileStep ? [startStep, pollStep] : [startStep, pollStep, downloadStep], pollRemarks };
}

function parametersOf(sent: readonly Sent[]): JsonObject {
  return sent.length > 0 ? { parameters: sent } : {};
}

/** What a later step sends: what the start was given, the job's id, or an output of the poll. @param known outputs of the poll, which grows */
function sentBy(
  { poll, writer, id }: Draft,
  operation: DraftOperation,
  fields: readonly string[],
  known: Map<string, string>,
  tell: (text: string) => void,
): JsonObject {
  const needed = operation.parameters.filter(({ required }) => required);
  const body = operation.body && writer.resolve(operation.body.schema);
  const bodyNames = body ? (body.required ?? Object.keys(body.properties ?? {}).filter(isIdName)) : [];
  const names = [...needed.filter((one) => one.in !== "header").map(({ name }) => name), ...bodyNames];
  const free = names.filter((name) => !fields.includes(name) || name === id.name);
  const idName =
    free.find((name) => plainName(name) === plainName(id.name)) ??
    [...free].reverse().find((name) => needed.some((one) => one.name === name && one.in === "path")) ??
    free.find(isIdName);
  const reply = operation === poll ? undefined : poll.replies.find(({ json }) => json)?.json;
  const pollFields = reply ? fieldsOf(writer, reply) : [];
  const pollIds = poll.parameters.map(({ name }) => plainName(name));
  const valueFor = (name: string, sample: () => unknown): unknown => {
    const output = pollIds.includes(plainName(name))
      ? undefined
      : bestField(pollFields, (one) =>
          plainName(one.name) === plainName(name) &&
          plainName(name) !== "id" &&
          mayBe(one.schema, "string", "integer", "number")
            ? 5
            : 0,
        );
    if (output && output.lists.length === 0 && plainName(name) !== plainName(id.name)) {
      known.set(output.name, pointerTo(output));
      return `$steps.poll.outputs.${output.name}`;
    }
    if (name === idName) return "$steps.start.outputs.id";
    if (fields.includes(name)) return `$inputs.${name}`;
    tell(`FILL IN what ${name} has to be.`);
    return sample();
  };
  if (idName === undefined) tell("FILL IN how the call knows which export is meant.");
  const parameters = needed.map(
    ({ name, in: place, schema }): Sent => ({
      name,
      in: place,
      value: valueFor(name, () => sampleOf(writer, schema, { fields: "all" }, name)),
    }),
  );
  const payload = Object.fromEntries(
    bodyNames.map((name) => [
      name,
      valueFor(name, () => sampleOf(writer, body?.properties?.[name] ?? {}, { fields: "required" }, name)),
    ]),
  );
  return {
    ...parametersOf(parameters),
    ...(operation.body ? { requestBody: { contentType: operation.body.contentType, payload } } : {}),
  };
}

function isIdName(name: string): boolean {
  return /(id|token|key|job|handle|identifier)$/i.test(name);
}

function wordActions(pointer: string, words: readonly StateWord[]): JsonObject {
  const conditionOf = (state: WordState): string =>
    words
      .filter((one) => one.state === state)
      .map(({ word }) => `${pointer} == ${typeof word === "string" ? `'${word}'` : word}`)
      .join(" || ");
  const actions = STATES.filter((state) => words.some((one) => one.state === state)).map((state) => ({
    name: state,
    type: state === "queued" || state === "running" ? "retry" : "end",
    ...(state === "queued" || state === "running" ? { retryAfter: 5, retryLimit: 20 } : {}),
    criteria: [{ condition: conditionOf(state) }],
  }));
  return {
    successCriteria: [{ condition: conditionOf("succeeded") }],
    onFailure: [...actions, { name: "unknown", type: "retry", retryAfter: 5, retryLimit: 5 }],
  };
}

function pointerTo({ pointer }: FoundField): string {
  return `$response.body#/${pointer.map(escaped).join("/")}`;
}
