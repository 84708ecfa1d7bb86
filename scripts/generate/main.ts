import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.js";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
process.exitCode = await run(root, process.argv.slice(2), (line) => console.log(line));
