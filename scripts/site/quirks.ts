import ts from "typescript";

/** What tests say about one thing. */
export interface QuirkGroup {
  /** What the tests are about. Undefined for those that stand alone. */
  readonly subject: string | undefined;
  readonly sentences: readonly string[];
}

/** How many cases of a table are shown. */
const SHOWN = 4;

/** Reads the titles of a file of tests. A table of cases becomes a title for each of the first ones. */
export function readQuirks(text: string): QuirkGroup[] {
  const source = ts.createSourceFile("quirks.test.ts", text, ts.ScriptTarget.ES2022, true);
  const alone: string[] = [];
  const groups: QuirkGroup[] = [{ subject: undefined, sentences: alone }];
  for (const statement of source.statements) {
    const call = callOf(statement);
    if (call?.name === "describe")
      for (const subject of call.titles) groups.push({ subject, sentences: titlesIn(statement) });
    if (call?.name === "it") alone.push(...call.titles.map(withoutNumber));
  }
  return groups.filter(({ sentences }) => sentences.length > 0);
}

function titlesIn(node: ts.Node): string[] {
  const titles: string[] = [];
  const visit = (child: ts.Node): void => {
    const call = callOf(child);
    if (call?.name === "it") titles.push(...call.titles.map(withoutNumber));
    else ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return titles;
}

/** A title without the number that some begin with. */
function withoutNumber(title: string): string {
  return title.replace(/^\d+\.\d+ /, "");
}

/** A statement such as `it("…", …)` or `it.each(…)("…", …)`. */
function callOf(statement: ts.Node): { name: string; titles: string[] } | undefined {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return undefined;
  const { expression, arguments: args } = statement.expression;
  const [title] = args;
  if (!title || !ts.isStringLiteralLike(title)) return undefined;
  if (ts.isIdentifier(expression)) return { name: expression.text, titles: [title.text] };
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression))
    return undefined;
  const name = expression.expression.expression.getText();
  const [table] = expression.arguments;
  const rows = table && ts.isArrayLiteralExpression(table) ? table.elements.slice(0, SHOWN) : [];
  const filled = rows.map((row) => fillIn(title.text, row));
  return { name, titles: [...new Set(filled)].filter((each) => each !== undefined) };
}

/** A title with the values of a case in it. Undefined if one of them is no plain value. */
function fillIn(title: string, row: ts.Expression): string | undefined {
  const values = ts.isArrayLiteralExpression(row) ? [...row.elements] : [row];
  let index = 0;
  let isPlain = true;
  const filled = title.replace(/%[a-z]|\$(\w+)/g, (_, name?: string) => {
    const value = name === undefined ? values[index++] : propertyOf(row, name);
    const text = value && plainText(value);
    isPlain &&= text !== undefined;
    return text ?? "";
  });
  return isPlain ? filled : undefined;
}

function propertyOf(row: ts.Expression, name: string): ts.Expression | undefined {
  if (!ts.isObjectLiteralExpression(row)) return undefined;
  const found = row.properties.find((each) => each.name?.getText() === name);
  return found && ts.isPropertyAssignment(found) ? found.initializer : undefined;
}

/** A literal as a reader sees it: a text without blanks around it as it is, all else as it stands in the code. */
function plainText(value: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(value)) return /^\S(.*\S)?$/.test(value.text) ? value.text : value.getText();
  const text = value.getText();
  return /^(-?[\d_.]+|true|false|null|undefined|[{[][^\n]{0,60}[}\]]|String|Number)$/.test(text)
    ? text
    : undefined;
}
