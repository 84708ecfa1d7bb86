import {
  type Criterion,
  type Expression,
  expressionsSent,
  isLinkStep,
  type Path,
  parseExpression,
  parseReading,
  pollOf,
  readingsOf,
  type Step,
  valueAt,
  type Workflow,
} from "@outhaul/spec";
import { hasKeyInQuery } from "../../load/client-options.js";
import type { ArazzoContext, LocatedWorkflow } from "../context/context.js";
import { parsed } from "./parsed.js";

/** Reports a mistake in a poll at a link. */
type Refuse = (where: Path, message: string, hint: string) => void;

/** Checks a poll that asks at a link of the start's reply: it is the file once that is there, and nothing else is known of it. */
export function checkLinkPoll(context: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const poll = workflow.steps.find(isLinkStep);
  if (!poll) return;
  const path = [...at, "steps", workflow.steps.indexOf(poll)];
  const refuse: Refuse = (where, message, hint) => context.report(where, "link-poll", message, hint);
  if (poll !== pollOf(workflow)) {
    const hint = "only a poll can ask at a link: give it onFailure with a retry";
    return refuse([...path, "x-operation"], `${poll.stepId} is no poll`, hint);
  }
  checkPlace(workflow, poll, path, refuse);
  checkAsWritten(context, at, path, refuse);
  checkLink(workflow, poll, at, path, refuse);
  checkReplies(poll, path, refuse);
  checkCredentials(context, path, refuse);
}

/** Checks the steps around the poll, and that it sends nothing. */
function checkPlace({ steps }: Workflow, poll: Step, path: Path, refuse: Refuse): void {
  if (steps.length !== 2 || steps[1] !== poll)
    refuse(
      [...path, "x-operation"],
      `the steps are ${steps.map(({ stepId }) => stepId).join(", ")}`,
      "start and poll are all: the reply at the link is the file",
    );
  for (const name of ["parameters", "requestBody", "outputs", "x-trusted-origin"] as const)
    if (poll[name] !== undefined)
      refuse([...path, name], `${name} is nothing that a link takes`, "the link is asked as it is");
}

/** Checks what the document itself says of operation and credentials, which is read in another form here. */
function checkAsWritten({ spec }: ArazzoContext, at: Path, path: Path, refuse: Refuse): void {
  const isWritten = (where: Path) => valueAt(spec.arazzo.value, where.map(String)) !== undefined;
  for (const name of ["parameters", "x-security"])
    if (isWritten([...at, name]))
      refuse(
        [...at, name],
        `the workflow's ${name} go to every step, and so to the link`,
        "write them at the start: the host of a file gets no credentials",
      );
  if (isWritten([...path, "operationId"]))
    refuse(
      [...path, "operationId"],
      "the poll has an operationId, and a link",
      "the link is asked as it is: leave one of the two out",
    );
}

/** Checks where the link comes from, and that nothing else uses it. */
function checkLink(workflow: Workflow, poll: Step, at: Path, path: Path, refuse: Refuse): void {
  const [start] = workflow.steps;
  const { "x-create": safety = "none", outputs = {} } = start ?? {};
  const isLink = (one: Expression | undefined): boolean =>
    one?.kind === "output" && one.step === start?.stepId && one.name === "fileUrl";
  const url = poll["x-operation"]?.url ?? "";
  if (!isLink(parseExpression(url)))
    refuse(
      [...path, "x-operation", "url"],
      `${url} is no link of the start's reply`,
      `url: $steps.${start?.stepId}.outputs.fileUrl`,
    );
  if (parseReading(outputs["fileUrl"] ?? "")?.kind !== "body")
    refuse(
      [...at, "steps", 0],
      `${start?.stepId} has no output fileUrl out of its reply's body`,
      "outputs: { fileUrl: $response.body#/url } says where the link is",
    );
  if (safety !== "none")
    refuse(
      [...at, "steps", 0, "x-create"],
      "the link is lost with the reply to the start, and no poll can find the job",
      "x-create: none",
    );
  const cancel = workflow["x-cancel"];
  if (cancel && expressionsSent(cancel).some(isLink))
    refuse(
      [...at, "x-cancel"],
      "the link is sent as a value",
      "it is a secret, which the resume token holds sealed: only x-operation uses it",
    );
}

/** Checks that nothing is read of the replies but what the host of a file can be known to say. */
function checkReplies({ successCriteria = [], onFailure = [] }: Step, path: Path, refuse: Refuse): void {
  const checkAll = (criteria: readonly Criterion[], at: Path): void => {
    for (const criterion of criteria) {
      const test = parsed(criterion);
      const readings = test ? readingsOf([test]) : [];
      const isKnown = readings.every(
        (one) => one.kind === "status" || (one.kind === "body" && one.pointer.length === 0),
      );
      if (!isKnown)
        refuse(
          at,
          `${criterion.condition} reads what no document describes`,
          "$statusCode tells whether the file is there; a regex with context: $response.body can look for words of the error",
        );
    }
  };
  checkAll(successCriteria, [...path, "successCriteria"]);
  for (const [index, { criteria = [] }] of onFailure.entries())
    checkAll(criteria, [...path, "onFailure", index]);
}

/** Checks that the account's secret stays the same for as long as a job takes. */
function checkCredentials({ options }: ArazzoContext, path: Path, refuse: Refuse): void {
  const problem = options.oauth2
    ? "tokens of oauth2 change"
    : hasKeyInQuery(options) && "a key in the query is in no header";
  if (problem)
    refuse(
      [...path, "x-operation"],
      `${problem}, and the link is sealed with the headers that the client signs in with`,
      "a poll at a link needs a key in a header, a bearer token or a password that stays the same",
    );
}
