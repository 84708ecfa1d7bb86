import type { Path } from "@outhaul/spec";
import { Document, isCollection, isMap, isScalar, type Node, type Pair, visit } from "yaml";

/** A comment above the key or list item at a path. */
export interface Remark {
  readonly at: Path;
  readonly text: string;
}

/** The longest map or list that stands in one line, in characters. */
const LINE = 110;

/** Writes a value as YAML with comments. What is short stands in one line. */
export function yamlText(value: unknown, header: readonly string[], remarks: readonly Remark[]): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  const commented = new Set<Node>();
  for (const { at, text } of remarks) {
    const target = keyAt(document, at);
    if (!target) continue;
    target.commentBefore = [target.commentBefore, ` ${text}`].filter(Boolean).join("\n");
    for (let length = 0; length < at.length; length += 1) {
      const around = document.getIn(at.slice(0, length), true);
      if (isCollection(around)) commented.add(around);
    }
  }
  visit(document, {
    Collection(_, node, path) {
      if (commented.has(node) || path.length < 3) return;
      const text = JSON.stringify(node.toJS(document));
      if (text.length <= LINE && !text.includes("\\n")) node.flow = true;
    },
  });
  const text = document.toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: true });
  return `${header.map((line) => `# ${line}\n`).join("")}${text}`;
}

/** The node that a comment stands above. */
function keyAt(document: Document, at: Path): Node | undefined {
  const parent = document.getIn(at.slice(0, -1), true);
  const last = at.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(
      (one: Pair) => isScalar(one.key) && String(one.key.value) === String(last),
    );
    return pair && isScalar(pair.key) ? pair.key : undefined;
  }
  const node = document.getIn(at, true);
  return isScalar(node) || isCollection(node) ? node : undefined;
}
