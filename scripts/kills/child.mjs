// `child.mjs <url> <path> <options> <moment> <kind>`: a download in a process of its own, which ends by SIGKILL at a moment of the file's life. The moment is `before:<n>`, before its
// n-th use of the file system, or `amid:<n>`, in the middle of its n-th write; none for a process that lives. The kind is `list` or `pages` for a file in parts. Tells what came of it as JSON.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const [, , url, path, options, moment = "", kind = ""] = process.argv;
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
      else if (object === prototype) await original.call(this, args[0].slice(0, 5));
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
// What only reads is left out for parts: the disk is as it is before the next change.
const reads = kind ? [] : ["readFile", "stat"];
for (const name of ["link", "mkdir", "open", "rename", "rm", "rmdir", "unlink", "writeFile", ...reads])
  watch(own, name);
const handleReads = kind ? [] : ["close", "stat"];
for (const name of ["chmod", "datasync", "sync", "truncate", "writeFile", "writev", ...handleReads])
  watch(prototype, name);
syncBuiltinESMExports();

const save = kind ? await saverOfParts() : (await import("@outhaul/shared")).downloadTo;
const failed = await save(url, path, JSON.parse(options)).catch((error) => error);
console.log(JSON.stringify({ code: failed instanceof Error ? (failed.code ?? failed.message) : undefined }));
process.exit(0); // a connection that is kept alive would keep the process

/** A file in parts, as a vendor's list or its pages tell of them. */
async function saverOfParts() {
  const { partsSource } = await import("@outhaul/shared/parts");
  const { saveDownload } = await import("../../packages/shared/dist/download.js"); // what a job's `save` calls
  const list = [1, 2, 3].map((part) => `${url}?part=${part}`);
  const source = {
    allowHttp: true,
    async locate({ nextPage = "1" }) {
      const reply = { status: 200, ok: true, headers: new Headers(), body: list };
      return { url: new URL(kind === "list" ? url : `${url}?part=${nextPage}`), trusted: true, reply };
    },
  };
  const definition =
    kind === "list"
      ? { files: ({ body }) => body.map((address) => address.replace("file?part=", "part-")) }
      : { nextPage: ({ headers }) => headers.get("x-next"), header: "x-next" };
  const clock = { now: Date.now, setTimeout, clearTimeout };
  const inParts = partsSource(source, { baseUrl: url, clock }, definition, { id: "1", snapshot: {} });
  return (_url, to, given) => saveDownload(inParts, to, given, { clock });
}
