import type { Path } from "@outhaul/spec";
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from "yaml";
import type { Diagnostic } from "../diagnostics/diagnostic.js";

/** A parsed YAML file that knows the line of each value. */
export interface Source {
  /** Relative to the repository's root. */
  readonly file: string;
  readonly value: unknown;
  /** The line of the key or list item at `path`, or of its nearest ancestor that exists. */
  lineOf(path: Path): number;
}

/** Parses YAML; the diagnostics are its syntax errors. */
export function parseSource(file: string, text: string): { source: Source; diagnostics: Diagnostic[] } {
  const { document, lines } = parseOnce(text);
  const lineAt = (offset: number | undefined): number =>
    offset === undefined ? 1 : lines.linePos(offset).line;
  const diagnostics = document.errors.map((error): Diagnostic => {
    const [message = error.code] = error.message.split(/ at line | in the same/);
    return {
      file,
      line: lineAt(error.pos[0]),
      rule: "yaml-syntax",
      message,
      hint: "correct the YAML around this line",
    };
  });
  if (diagnostics.length > 0) return { source: { file, value: undefined, lineOf: () => 1 }, diagnostics };

  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  function lineOf(path: Path): number {
    let node: unknown = document.contents;
    let line = lineAt(isNode(node) ? node.range?.[0] : undefined);
    for (const token of path) {
      const next = child(resolve(node), token);
      if (!next) return line;
      line = lineAt(next.key.range?.[0]);
      node = next.value;
    }
    return line;
  }
  return { source: { file, value: document.toJS(), lineOf }, diagnostics };
}

/** The texts that were parsed last: what runs several commands in one process reads the same specs again. */
const parsed = new Map<string, { document: Document.Parsed; lines: LineCounter }>();
const KEPT = 32;

function parseOnce(text: string) {
  const known = parsed.get(text);
  if (known) return known;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [oldest] = parsed.keys();
  if (parsed.size >= KEPT && oldest !== undefined) parsed.delete(oldest);
  const found = { document, lines };
  parsed.set(text, found);
  return found;
}

function child(node: unknown, token: string | number): { key: Node; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(token));
    return pair && isScalar(pair.key) ? { key: pair.key, value: pair.value } : undefined;
  }
  if (isSeq(node)) {
    const value = node.items[Number(token)];
    return isNode(value) ? { key: value, value } : undefined;
  }
  return undefined;
}
