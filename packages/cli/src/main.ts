#!/usr/bin/env node
import { runProgram } from "./program.js";

const { env, stdin, stdout, stderr } = process;
// A reader that stops early, such as head, is no failure.
stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
const code = await runProgram(process.argv.slice(2), { env, cwd: process.cwd(), stdin, stdout, stderr });
process.exitCode = code;
// Keep-alive connections would keep the process alive, so it exits once the output is written.
for (const stream of [stdout, stderr]) await new Promise<void>((done) => stream.write("", () => done()));
process.exit(code);
