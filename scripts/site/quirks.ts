import ts from "typescript";

/** What tests say about one thing. */
export interface QuirkGroup {
  /** What the tests are about. Undefined for those that stand alone. */
  readonly subject: string | undefined;
  readonly sentences: readonly string[];
}

/** Reads the titles of a file of tests. */
export function readQuirks(text: string): QuirkGroup[] {
  const source = ts.createSourceFile("quirks.test.ts", text, ts.ScriptTarget.ES2022);
  const groups: { subject: string | undefined; sentences: string[] }[] = [
    { subject: undefined, sentences: [] },
  ];
  for (const statement of source.statements) {
    const call = callOf(statement);
    if (call?.name === "describe") groups.push({ subject: call.title, sentences: titlesIn(call.node) });
    if (call?.name === "it") groups[0]?.sentences.push(call.title);
  }
  return groups.filter(({ sentences }) => sentences.length > 0);
}

function titlesIn(node: ts.Node): string[] {
  const titles: string[] = [];
  const visit = (child: ts.Node): void => {
    const call = ts.isExpressionStatement(child) ? callOf(child) : undefined;
    if (call?.name === "it") titles.push(call.title);
    else ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return titles;
}

/** A statement such as `it("…", …)` or `it.each(…)("…", …)`. */
function callOf(statement: ts.Node): { name: string; title: string; node: ts.Node } | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return undefined;
  const { expression, arguments: args } = statement.expression;
  const [title] = args;
  if (!title || !ts.isStringLiteralLike(title)) return undefined;
  let callee: ts.Expression = expression;
  while (!ts.isIdentifier(callee)) {
    if (!ts.isCallExpression(callee) && !ts.isPropertyAccessExpression(callee)) return undefined;
    callee = callee.expression;
  }
  // The values of a table of cases stand in titles as %s, or as $name.
  const plain = title.text.replace(/[:,]? ?(%[a-z]|\$\w+)/g, "").trim();
  return { name: callee.text, title: plain, node: statement };
}
