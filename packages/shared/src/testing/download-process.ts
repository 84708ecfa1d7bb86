import { downloadTo } from "../download/download.js";

/** For the tests: a download in a process of its own, to be killed. */
const [, , source = "", to = "", options = "{}"] = process.argv;
await downloadTo(source, to, JSON.parse(options));
