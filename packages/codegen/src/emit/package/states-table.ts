import {
  type Criterion,
  comparisonsOf,
  oneStepOf,
  parseCriterion,
  pollOf,
  readingsOf,
  stateOf,
  type Workflow,
  wordsOf,
} from "@outhaul/spec";

/** Lists the states of a workflow, each with the words or status codes that tell it, in Markdown: `ready`, or HTTP 412. */
export function statesOf(workflow: Workflow): [state: string, found: string][] {
  const poll = oneStepOf(workflow) ?? pollOf(workflow);
  const states: [string, readonly Criterion[]][] = [
    ["succeeded", poll?.successCriteria ?? []],
    ...(poll?.onFailure ?? []).map((action): [string, readonly Criterion[]] => [
      stateOf(action),
      action.criteria ?? [],
    ]),
  ];
  const found = new Map<string, string[]>();
  for (const [state, criteria] of states) {
    found.set(state, [...(found.get(state) ?? []), describeCriteria(criteria)]);
  }
  return [...found].map(([state, ways]) => [state, ways.join("; ")]);
}

function describeCriteria(criteria: readonly Criterion[]): string {
  if (criteria.length === 0) return "any other word: reported, and waited out for a while";
  const described = criteria.map(describe);
  const notable = described.filter(({ isPlainSuccess }) => !isPlainSuccess);
  return (notable.length > 0 ? notable : described).map(({ text }) => text).join(" and ");
}

function describe(criterion: Criterion): { text: string; isPlainSuccess: boolean } {
  const test = parseCriterion(criterion);
  const words = wordsOf([test]);
  const isListOfWords =
    words.length > 0 &&
    (test.kind === "regex" || comparisonsOf(test.condition).every(({ operator }) => operator === "=="));
  const isStatus = readingsOf([test]).every(({ kind }) => kind === "status");
  if (isStatus && isListOfWords) {
    return {
      text: words.map((code) => `HTTP ${code}`).join(" or "),
      isPlainSuccess: words.every((code) => /^2\d\d$/.test(String(code))),
    };
  }
  const isOneReading = new Set(readingsOf([test]).map((reading) => JSON.stringify(reading))).size === 1;
  const areTexts = words.every((word) => typeof word === "string");
  if (isListOfWords && isOneReading && areTexts)
    return { text: words.map((word) => code(String(word))).join(", "), isPlainSuccess: false };
  const bare = criterion.condition
    .replaceAll("$response.body#/", "")
    .replaceAll("$statusCode", "HTTP status");
  return { text: code(bare), isPlainSuccess: false };
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}
