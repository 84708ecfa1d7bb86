import {
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

type Problem = readonly [where: Path, message: string, hint: string];

/** Checks a poll that asks at a link of the start's reply: it is the file once that is there, and nothing else is known of it. */
export function checkLinkPoll(context: ArazzoContext, { workflow, at }: LocatedWorkflow): void {
  const poll = workflow.steps.find(isLinkStep);
  if (!poll) return;
  const path = [...at, "steps", workflow.steps.indexOf(poll)];
  const problems = [
    ...placeProblems(workflow, poll, path),
    ...carrierProblems(context, at),
    ...(valueAt(context.spec.arazzo.value, [...path, "operationId"].map(String)) === undefined
      ? []
      : [
          [
            [...path, "operationId"],
            `${poll.stepId} has an operationId, and a link`,
            "the link is asked as it is: leave one of the two out",
          ] as const,
        ]),
    ...linkProblems(workflow, poll, at, path),
    ...replyProblems(poll, path),
    ...credentialProblems(context, path),
  ];
  for (const problem of problems) {
    const [where, message, hint] = problem;
    context.report(where, "link-poll", message, hint);
  }
}

/** What is wrong with the steps around the poll, and with what it sends. */
function placeProblems(workflow: Workflow, poll: Step, path: Path): Problem[] {
  const { steps } = workflow;
  const at = [...path, "x-operation"];
  if (poll !== pollOf(workflow))
    return [
      [at, `${poll.stepId} is no poll`, "only a poll can ask at a link: give it onFailure with a retry"],
    ];
  const sent: readonly (keyof Step)[] = ["parameters", "requestBody", "outputs", "x-trusted-origin"];
  return [
    ...(steps.length === 2 && steps[1] === poll
      ? []
      : [
          [
            at,
            `the steps are ${steps.map(({ stepId }) => stepId).join(", ")}`,
            "start and poll are all: the reply at the link is the file",
          ] as const,
        ]),
    ...sent
      .filter((name) => poll[name] !== undefined)
      .map(
        (name) =>
          [[...path, name], `${name} is nothing that a link takes`, "the link is asked as it is"] as const,
      ),
  ];
}

/** What would bring the credentials to the link. */
function carrierProblems({ spec }: ArazzoContext, at: Path): Problem[] {
  return ["parameters", "x-security"].flatMap((name): Problem[] =>
    valueAt(spec.arazzo.value, [...at, name].map(String)) === undefined
      ? []
      : [
          [
            [...at, name],
            `the workflow's ${name} go to every step, and so to the link`,
            `write them at the start: the host of a file gets no credentials`,
          ],
        ],
  );
}

/** What is wrong with where the link comes from. */
function linkProblems(workflow: Workflow, poll: Step, at: Path, path: Path): Problem[] {
  const [start] = workflow.steps;
  const safety = start?.["x-create"];
  const url = parseExpression(poll["x-operation"]?.url ?? "");
  const isLink = (one: Expression | undefined): boolean =>
    one?.kind === "output" && one.step === start?.stepId && one.name === "fileUrl";
  const cancel = workflow["x-cancel"];
  return [
    ...(isLink(url)
      ? []
      : [
          [
            [...path, "x-operation", "url"],
            `${poll["x-operation"]?.url} is no link of the start's reply`,
            `url: $steps.${start?.stepId}.outputs.fileUrl`,
          ] as const,
        ]),
    ...(parseReading(start?.outputs?.["fileUrl"] ?? "")?.kind === "body"
      ? []
      : [
          [
            [...at, "steps", 0],
            `${start?.stepId} has no output fileUrl out of its reply's body`,
            "outputs: { fileUrl: $response.body#/url } says where the link is",
          ] as const,
        ]),
    ...(safety === undefined || safety === "none"
      ? []
      : [
          [
            [...at, "steps", 0, "x-create"],
            "the link is lost with the reply to the start, and no poll can find the job",
            "x-create: none",
          ] as const,
        ]),
    ...(cancel && expressionsSent(cancel).some(isLink)
      ? [
          [
            [...at, "x-cancel"],
            "the link is sent as a value",
            "it is a secret, which the resume token holds sealed: only x-operation uses it",
          ] as const,
        ]
      : []),
  ];
}

/** What is read of the replies beside what the host of a file can be known to say. */
function replyProblems({ successCriteria = [], onFailure = [] }: Step, path: Path): Problem[] {
  const criteria = [
    ...successCriteria.map((criterion) => ({ criterion, at: [...path, "successCriteria"] })),
    ...onFailure.flatMap((action, index) =>
      (action.criteria ?? []).map((criterion) => ({ criterion, at: [...path, "onFailure", index] })),
    ),
  ];
  return criteria.flatMap(({ criterion, at }) => {
    const test = parsed(criterion);
    const other = (test ? readingsOf([test]) : []).find(
      (one) => one.kind === "header" || (one.kind === "body" && one.pointer.length > 0),
    );
    return other
      ? [
          [
            at,
            `${criterion.condition} reads what no document describes`,
            "$statusCode tells whether the file is there; a regex with context: $response.body can look for words of the error",
          ] as const,
        ]
      : [];
  });
}

/** Why no secret of the account stays the same for as long as a job takes. */
function credentialProblems({ options }: ArazzoContext, path: Path): Problem[] {
  const way = options.oauth2
    ? "tokens of oauth2 change"
    : hasKeyInQuery(options)
      ? "a key in the query is in no header"
      : "";
  if (way === "") return [];
  return [
    [
      [...path, "x-operation"],
      `${way}, and the link is sealed with the headers that the client signs in with`,
      "a poll at a link needs a key in a header, a bearer token or a password that stays the same",
    ],
  ];
}
