import ts from "typescript";
import { root } from "../vendors.js";

/** What a user writes, in the order in which it is counted. */
export interface Program {
  readonly name: string;
  /** Modules of TypeScript. */
  readonly steps: readonly string[];
}

/**
 * How many types the compiler makes for each program, over what it makes for an empty one: with its first step, with its second, and so on.
 * @throws when a program does not compile
 */
export function countInstantiations(programs: readonly Program[]): Map<string, number[]> {
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
  const count = (steps: readonly string[]): number[] => {
    const texts = new Map(steps.map((text, index) => [`${root}scripts/budgets/program${index}.mts`, text]));
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    host.fileExists = (name) => texts.has(name) || fileExists.call(host, name);
    host.readFile = (name) => texts.get(name) ?? readFile.call(host, name);
    host.getSourceFile = (name, ...rest) => {
      const text = texts.get(name);
      if (text !== undefined)
        return ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
      if (!parsed.has(name)) parsed.set(name, getSourceFile.call(host, name, ...rest));
      return parsed.get(name);
    };
    const program = ts.createProgram([...texts.keys()], options, host);
    return [...texts.keys()].map((name) => {
      const diagnostics = ts.getPreEmitDiagnostics(program, program.getSourceFile(name));
      if (diagnostics.length) throw new Error(ts.formatDiagnostics(diagnostics, host));
      return (program as ts.Program & { getInstantiationCount(): number }).getInstantiationCount(); // what `tsc --extendedDiagnostics` prints
    });
  };
  const [empty = 0] = count(["export {};\n"]);
  return new Map(programs.map(({ name, steps }) => [name, count(steps).map((each) => each - empty)]));
}
