#!/usr/bin/env node
import { runCommand } from "./run-command.js";

process.exitCode = await runCommand(process.cwd(), process.argv.slice(2), (line) => console.log(line));
