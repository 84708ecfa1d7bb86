import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

/** A class of errors, as its source declares it. */
export interface ErrorClass {
  readonly name: string;
  /** The class's own comment, on one line. */
  readonly summary: string;
  readonly codes: readonly string[];
}

/** Words of the system, which errors inside carry as their code. */
const SYSTEM_CODE = /^(E[A-Z]+|Z_\w+)$/;

/** Reads the classes of errors of a package, and all codes that its errors may have. */
export function readErrors(folder: string): { classes: ErrorClass[]; codes: Set<string> } {
  const classes: ErrorClass[] = [];
  const codes = new Set<string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (!file.endsWith(".ts") || file.includes(".test") || file.includes("testing")) continue;
    const source = ts.createSourceFile(
      file,
      readFileSync(`${folder}/${file}`, "utf8"),
      ts.ScriptTarget.ES2022,
      true,
    );
    for (const code of codesIn(source)) codes.add(code);
    for (const statement of source.statements) {
      if (!ts.isClassDeclaration(statement) || !/Error$/.test(statement.name?.text ?? "")) continue;
      const own = [...codesIn(statement)];
      const isDownload = statement.name?.text === "DownloadError";
      if (own.length === 0 && !isDownload) continue;
      classes.push({
        name: statement.name?.text ?? "",
        summary: summaryOf(statement),
        codes: isDownload ? unionIn(source) : own,
      });
    }
  }
  return { classes, codes };
}

/** The codes that stand in code: `code: "X"`, `code = "X"`, and the words of a type of codes. */
function codesIn(node: ts.Node): Set<string> {
  const found = new Set<string>();
  const visit = (child: ts.Node): void => {
    if (
      (ts.isPropertyAssignment(child) || ts.isPropertyDeclaration(child)) &&
      child.name.getText() === "code" &&
      child.initializer
    )
      for (const text of literalsIn(child.initializer)) if (isCode(text)) found.add(text);
    if (ts.isSourceFile(node)) for (const text of unionOf(child)) found.add(text);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

function unionIn(source: ts.SourceFile): string[] {
  return source.statements.flatMap(unionOf);
}

function unionOf(node: ts.Node): string[] {
  if (!ts.isTypeAliasDeclaration(node) || !/ErrorCode$/.test(node.name.text)) return [];
  return ts.isUnionTypeNode(node.type) ? node.type.types.flatMap(literalsIn) : [];
}

function literalsIn(node: ts.Node): string[] {
  const own = ts.isStringLiteral(node) ? [node.text] : [];
  return [...own, ...node.getChildren().flatMap(literalsIn)];
}

function isCode(text: string): boolean {
  return /^[A-Z][A-Z_]+$/.test(text) && !SYSTEM_CODE.test(text);
}

function summaryOf(node: ts.ClassDeclaration): string {
  const [comment] = ts.getJSDocCommentsAndTags(node);
  const text = comment && ts.isJSDoc(comment) ? ts.getTextOfJSDocComment(comment.comment) : undefined;
  return (text ?? "").replace(/\s+/g, " ").trim();
}
