import { resolve } from "node:path";
import { root } from "../vendors.js";
import { run } from "./run.js";

process.exitCode = await run(resolve(root), process.argv.slice(2), (line) => console.log(line));
