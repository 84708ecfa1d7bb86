import {
  type Arazzo,
  isLinkStep,
  meetsAll,
  oneStepOf,
  type PartNumber,
  parseCriterion,
  parsePointer,
  parseReading,
  pollOf,
  type ReplyView,
  readReply,
  type Step,
  stateOf,
  valueAt,
  type Workflow,
} from "@outhaul/spec";
import { asObject } from "../spec/narrow.js";
import { readApi } from "../spec/open-api.js";
import {
  ExampleError,
  type ExampleOptions,
  fetchLink,
  type Received,
  readAddress,
  readView,
  receive,
  sendRequest,
} from "./example-http.js";
import { exampleRequest, type RequestParts } from "./example-request.js";
import type { PageVendor } from "./page-vendor.js";

/** The outputs of a workflow's steps so far. */
export type Outputs = Map<string, unknown>;

const NO_DATA = "it found no data, so there is no file";
const MAX_POLLS = 100;
const MAX_PAGES = 1000;

/**
 * Runs the example request of a workflow as the spec has it: start, poll, download, over HTTP. It tries nothing twice but polls, so that a fault is seen for what it is.
 * @returns what came of it
 * @throws {ExampleError} saying at which step it stopped
 */
export async function runExample(vendor: PageVendor, id: string, options: ExampleOptions): Promise<string> {
  const workflow = findWorkflow(vendor, id);
  const oneStep = oneStepOf(workflow);
  const poll = oneStep ?? pollOf(workflow);
  const [start, download] = [workflow.steps[0], workflow.steps.at(-1)];
  if (!start || !poll || !download) throw new ExampleError(`${id} has no start, poll or download`);
  const inputs = exampleInputs(vendor, workflow);
  const outputs: Outputs = new Map();
  const api = readApi(vendor.sandbox.spec.openapi);
  const requestOf = (step: Step, page?: RequestParts["page"]) =>
    exampleRequest({ workflow, step, api, inputs, outputs, serverUrl: vendor.serverUrl, page });
  const send: Send = async (step, what, page) => {
    if (isLinkStep(step))
      return sendRequest(readAddress(outputs.get(`${start.stepId}.fileUrl`)), {}, what, options.signal);
    const { url, init } = requestOf(step, page);
    return sendRequest(url, init, what, options.signal);
  };
  /** What the address of a file gets that is for those with credentials only. */
  const guardedBy = (step: Step): RequestInit => {
    const { headers = {} } = requestOf(step).init;
    return step["x-trusted-origin"] === undefined ? {} : { headers };
  };

  if (oneStep) {
    options.onProgress("fetching the file");
    const response = await send(oneStep, "the download");
    if (response.ok) return told([await receive(response, options)]);
    const action = actionFor(oneStep, await readView(response));
    if (action && stateOf(action) === "empty") return NO_DATA;
    throw new ExampleError(`the download was answered with ${response.status}`);
  }
  options.onProgress("starting");
  const started = await readView(await send(start, "the start"));
  if (!isSuccess(start, started)) throw new ExampleError(`the start was answered with ${started.status}`);
  keepOutputs(start, started, outputs);

  for (let polls = 1; ; polls++) {
    if (polls > MAX_POLLS) throw new ExampleError(`it is not ready after ${MAX_POLLS} polls`);
    await options.delay(options.signal);
    const outcome = await pollOnce(workflow, poll, outputs, send);
    if (typeof outcome !== "string") return told([await receive(outcome, options)]);
    if (outcome === "succeeded") break;
    if (outcome === "empty") return NO_DATA;
    if (["failed", "cancelled", "expired"].includes(outcome))
      throw new ExampleError(`the export ended as ${outcome}`);
    options.onProgress(`poll ${polls}: ${outcome}`);
  }

  options.onProgress("fetching the file");
  if (poll !== download) {
    const { fileUrl, fileUrls } = download.outputs ?? {};
    if (fileUrl === undefined && fileUrls === undefined)
      return told(await fetchPages(download, outputs, send, options));
    const view = await readView(await send(download, "the download"));
    if (!isSuccess(download, view)) throw new ExampleError(`the download was answered with ${view.status}`);
    keepOutputs(download, view, outputs);
  }
  const received: Received[] = [];
  for (const link of linksOf(download, outputs))
    received.push(await receive(await fetchLink(link, options, guardedBy(download)), options));
  return told(received);
}

type Send = (step: Step, what: string, page?: RequestParts["page"]) => Promise<Response>;

/** The file that a step answers with, or all parts of it. */
async function fetchPages(
  download: Step,
  outputs: Outputs,
  send: Send,
  options: ExampleOptions,
): Promise<Received[]> {
  const { "x-next-page": nextPage, "x-part-number": partNumber } = download;
  const numbers = partNumber && numbersOf(download, partNumber, outputs);
  const reading = nextPage && parseReading(nextPage.value);
  const criteria = (nextPage?.criteria ?? []).map((criterion) => parseCriterion(criterion));
  const received: Received[] = [];
  for (let next: unknown; received.length < MAX_PAGES; ) {
    const asked = nextPage ?? partNumber;
    const page = asked && received.length > 0 ? { ...asked, value: String(next) } : undefined;
    const response = await send(download, "the download", page);
    if (!response.ok) throw new ExampleError(`the download was answered with ${response.status}`);
    const { status, headers } = response;
    const copy = reading?.kind === "body" ? response.clone() : undefined;
    const view = copy ? await readView(copy) : { status, headers, body: undefined };
    received.push(await receive(response, options));
    next = numbers ? numbers[received.length] : reading && readReply(reading, view);
    if (next === undefined || next === null || next === "" || !meetsAll(criteria, view)) return received;
  }
  throw new ExampleError(`the file does not end after ${MAX_PAGES} pages`);
}

/** The numbers of the parts of a file: the poll has said how many there are. */
function numbersOf(
  { parameters = [] }: Step,
  { name, in: place, count }: PartNumber,
  kept: Outputs,
): number[] {
  const found = kept.get(count.replace(/^\$steps\./, "").replace(".outputs.", "."));
  const length = Array.isArray(found) ? found.length : Number(found);
  if (!Number.isSafeInteger(length) || length < 1 || length > MAX_PAGES)
    throw new ExampleError("the vendor did not answer how many parts the file has");
  const first = Number(parameters.find((one) => one.name === name && one.in === place)?.value ?? 0);
  return Array.from({ length }, (_, index) => first + index);
}

/** The addresses that a step has answered with. */
function linksOf({ stepId, outputs = {}, "x-file-url": inside }: Step, kept: Outputs): unknown[] {
  if (outputs["fileUrls"] === undefined) return [kept.get(`${stepId}.fileUrl`)];
  const list = kept.get(`${stepId}.fileUrls`);
  if (!Array.isArray(list)) throw new ExampleError("the vendor answered no list of addresses");
  const pointer = parsePointer(inside ?? "") ?? [];
  return list.map((item) => valueAt(item, pointer));
}

/** The sentence that ends an example. */
function told(received: readonly Received[]): string {
  const bytes = received.reduce((sum, one) => sum + one.bytes, 0).toLocaleString("en");
  const files = received.length === 1 ? "the file has come" : `${received.length} files have come`;
  return `${files}: ${bytes} bytes of ${received[0]?.type ?? "no type"}`;
}

function findWorkflow({ sandbox }: PageVendor, id: string): Workflow {
  // The sandbox has parsed the same document already.
  const { workflows } = sandbox.spec.arazzo as Arazzo;
  const workflow = workflows.find(({ workflowId }) => workflowId === id);
  if (!workflow) throw new ExampleError(`${sandbox.name} has no workflow ${id}`);
  return workflow;
}

/** The inputs of a workflow: its example, good credentials, and a name of its own where a job is found by its name. */
function exampleInputs({ clientOptions }: PageVendor, workflow: Workflow): Record<string, unknown> {
  const inputs: Record<string, unknown> = { ...clientOptions, ...asObject(workflow.inputs.examples?.[0]) };
  const create = workflow.steps[0]?.["x-create"];
  if (typeof create === "object")
    inputs[create.unique] =
      `${String(inputs[create.unique] ?? "example")} ${crypto.randomUUID().slice(0, 8)}`;
  return inputs;
}

/** Polls once. @returns the state that the reply tells, or the reply itself if it is the file */
async function pollOnce(
  { steps }: Workflow,
  poll: Step,
  outputs: Outputs,
  send: Send,
): Promise<string | Response> {
  let view: ReplyView;
  try {
    const response = await send(poll, "a poll");
    const isFile = poll === steps.at(-1) && poll.outputs?.["fileUrl"] === undefined;
    const head = { status: response.status, headers: response.headers, body: undefined };
    if (isFile && isSuccess(poll, head)) return response;
    view = await readView(response);
  } catch (error) {
    // A bad poll is no news.
    if (error instanceof ExampleError) return error.message;
    throw error;
  }
  keepOutputs(poll, view, outputs);
  if (isSuccess(poll, view)) return "succeeded";
  const action = actionFor(poll, view);
  // A step between start and poll is sent once the job waits for it.
  const further = steps.find(({ stepId }) => action?.type === "goto" && stepId === action.stepId);
  if (further) {
    const reply = await readView(await send(further, `the step ${further.stepId}`));
    if (!isSuccess(further, reply))
      throw new ExampleError(`the step ${further.stepId} was answered with ${reply.status}`);
  }
  return (action && stateOf(action)) ?? `an answer that is not documented (${view.status})`;
}

/** The action of a step whose criteria a reply meets. */
function actionFor({ onFailure = [] }: Step, view: ReplyView) {
  return onFailure.find(({ criteria }) => criteria && meetsAll(criteria.map(parseCriterion), view));
}

function isSuccess({ successCriteria = [] }: Step, view: ReplyView): boolean {
  return meetsAll(
    successCriteria.map((criterion) => parseCriterion(criterion)),
    view,
  );
}

function keepOutputs({ stepId, outputs = {} }: Step, view: ReplyView, kept: Outputs): void {
  for (const [name, text] of Object.entries({ id: "$response.body#/id", ...outputs })) {
    const reading = parseReading(text);
    const value = reading && readReply(reading, view);
    if (value !== undefined) kept.set(`${stepId}.${name}`, value);
  }
}
