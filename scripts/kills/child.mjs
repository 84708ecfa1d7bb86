// `child.mjs <url> <path> <options> <moment>`: a download in a process of its own, which ends by SIGKILL at a moment of the file's life. The moment is `before:<n>`, before its
// n-th use of the file system, or `amid:<n>`, in the middle of its n-th write; none for a process that lives. Tells what came of it as JSON.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const [, , url, path, options, moment = ""] = process.argv;
const [when, n] = moment.split(":");
let count = 0;

/** Ends the process where it should end. */
function watch(object, name) {
  const original = object[name];
  const writes = name.startsWith("write");
  object[name] = async function (...args) {
    if (when === "before" || writes) count++;
    if (count === Number(n) && when === "before") process.kill(process.pid, "SIGKILL");
    if (count === Number(n) && when === "amid" && writes) {
      if (name === "writev") await original.call(this, [args[0][0].subarray(0, 1000)], args[1]);
      else await original.call(this, args[0], args[1].slice(0, 5), args[2]);
      process.kill(process.pid, "SIGKILL");
    }
    return original.apply(this, args);
  };
}

const own = fs.promises;
const handle = await own.open(process.execPath, "r");
const prototype = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ["link", "mkdir", "open", "readFile", "rename", "rm", "stat", "unlink", "writeFile"])
  watch(own, name);
for (const name of ["chmod", "close", "stat", "sync", "truncate", "writev"]) watch(prototype, name);
syncBuiltinESMExports();

const { downloadTo } = await import("@outhaul/shared");
const failed = await downloadTo(url, path, JSON.parse(options)).catch((error) => error);
console.log(JSON.stringify({ code: failed instanceof Error ? (failed.code ?? failed.message) : undefined }));
process.exit(0); // a connection that is kept alive would keep the process
