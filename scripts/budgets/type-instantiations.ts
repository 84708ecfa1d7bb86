import ts from "typescript";
import { root } from "../vendors.js";

export interface Program {
  readonly name: string;
  readonly text: string;
}

/**
 * How many types the compiler makes for each program, over what it makes for an empty one.
 * @throws when a program does not compile
 */
export function countInstantiations(programs: readonly Program[]): Map<string, number> {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ["node"],
    skipLibCheck: true,
  };
  const parsed = new Map<string, ts.SourceFile | undefined>();
  const count = (text: string): number => {
    const file = `${root}scripts/budgets/program.mts`;
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    host.fileExists = (name) => name === file || fileExists.call(host, name);
    host.readFile = (name) => (name === file ? text : readFile.call(host, name));
    host.getSourceFile = (name, ...rest) => {
      if (name === file)
        return ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
      if (!parsed.has(name)) parsed.set(name, getSourceFile.call(host, name, ...rest));
      return parsed.get(name);
    };
    const program = ts.createProgram([file], options, host);
    const diagnostics = ts.getPreEmitDiagnostics(program);
    if (diagnostics.length) throw new Error(ts.formatDiagnostics(diagnostics, host));
    return (program as ts.Program & { getInstantiationCount(): number }).getInstantiationCount(); // what `tsc --extendedDiagnostics` prints
  };
  const empty = count("export {};\n");
  return new Map(programs.map(({ name, text }) => [name, count(text) - empty]));
}
