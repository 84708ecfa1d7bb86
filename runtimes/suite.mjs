// The essential cases, as one module that runs everywhere: nothing but web standards, the packages and what `place` gives to put files.
import { CONTENT, sameBytes } from "./content.mjs";

const KEYS = { authorization: "Bearer secret", "x-key": "secret" };
/** Pauses between attempts are no matter here. */
const QUICK = { retry: { attempts: 3, minDelayMs: 1, maxDelayMs: 1 } };

/**
 * Runs all cases.
 * @param setting `shared` and `packages` are the modules under test; `origin` is the raw server's; `vendors` are the sandbox's; `place` says where files go
 * @returns of each case what came of it, or what is wrong with it
 */
export async function runSuite({ shared, packages, origin, vendors, run, place }) {
  const { download, downloadTo } = shared;
  const url = (name) => `${origin}/${run}/${name}`;
  const log = async (name) =>
    (await (await fetch(url("log"))).json()).filter((request) => request.case === name);
  /** Downloads to the best target there is. */
  const save = async (name, options = {}) => {
    const target = await place.target(name);
    const saved = await downloadTo(url(name), target.to, { ...QUICK, ...options });
    return { saved, bytes: await target.read() };
  };
  const whole = async (name, options) => {
    const { saved, bytes } = await save(name, options);
    if (!sameBytes(bytes, CONTENT)) throw new Error(`${bytes.length} bytes are not the file`);
    return saved;
  };
  /** Whether a cut is seen; where it is not, nothing may be claimed of the bytes. */
  const noticed = async (name) => {
    let result;
    try {
      result = await save(name);
    } catch (error) {
      if (!(error instanceof shared.DownloadError)) throw error;
      return "noticed";
    }
    if (sameBytes(result.bytes, CONTENT)) return "noticed";
    if (result.saved.integrity !== "none")
      throw new Error(`half a file is said to be proved by ${result.saved.integrity}`);
    const code = await refusal(save(name, { requireIntegrity: "framing" }));
    if (code !== "INCOMPLETE_UNVERIFIABLE") throw new Error(`half a file, and requireIntegrity says ${code}`);
    return "not noticed";
  };

  const cases = {
    "a body with its length": async () => (await whole("plain")).integrity,
    "a chunked body": async () => (await whole("chunked")).integrity,
    "a body that ends with its connection": async () => (await whole("closed")).integrity,
    "a body of gzip that nobody asked for": async () => (await whole("gzip")).integrity,
    "an expected SHA-256": async () => {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", CONTENT));
      const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
      const code = await refusal(save("plain", { expected: { sha256: "0".repeat(64) } }));
      if (!/^(DIGEST_MISMATCH|CANNOT_RESTART)$/.test(code)) throw new Error(`a wrong digest: ${code}`);
      return (await whole("plain", { expected: { sha256 } })).integrity;
    },
    "a cut body goes on where it broke off": async () => {
      const { resumed } = await whole("cut");
      const ranges = (await log("cut")).map(({ headers }) => headers.range);
      if (resumed !== 1 || !/^bytes=[1-9]\d*-$/.test(ranges[1])) throw new Error(`asked for ${ranges}`);
      return "yes";
    },
    "a chunked body, cut with `Connection: close`": () => noticed("cut-chunked"),
    "a gzip body, cut in whole framing": () => noticed("cut-gzip"),
    "fewer bytes than announced": async () => {
      const code = await refusal(save("short"));
      if (!/^(INCOMPLETE|CANNOT_RESTART)$/.test(code)) throw new Error(`ended with ${code}`);
      return "noticed";
    },
    "a redirect to another origin": async () => {
      const { redirectsVerified } = await whole("redirect", { headers: KEYS });
      const [sent] = await log("redirect");
      if (sent.headers.authorization !== KEYS.authorization) throw new Error("the vendor got no key");
      const [stored] = (await log("stored")).slice(-1);
      const leaked = Object.keys(KEYS).filter((name) => name in stored.headers);
      if (redirectsVerified && leaked.length) throw new Error(`the store got ${leaked}`);
      return redirectsVerified
        ? "without the keys"
        : `followed by the browser${leaked.length ? ", with the key header" : ""}`;
    },
    "an abort in the body": async () => {
      const controller = new AbortController();
      const reason = new Error("enough");
      const { body } = await download(url("stall"), { signal: controller.signal });
      const reader = body.getReader();
      await reader.read();
      setTimeout(() => controller.abort(reason), 20);
      const ended = await drain(reader).catch((error) => error);
      if (ended !== reason) throw new Error(`ended with ${ended}`);
      for (let tries = 0; !(await log("stall"))[0].closed; tries++) {
        if (tries > 100) throw new Error("the connection stays open");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return "yes";
    },
    "bytes in memory": async () => {
      const bytes = await (await download(url("plain"))).bytes();
      if (!sameBytes(bytes, CONTENT)) throw new Error("are other ones");
      return "yes";
    },
    "a WritableStream": async () => {
      const target = memory();
      await downloadTo(url("plain"), target.to, QUICK);
      if (!sameBytes(await target.read(), CONTENT)) throw new Error("got other bytes");
      return "yes";
    },
    "a path": async () => {
      if (place.path) return place.path(whole);
      const code = await refusal(downloadTo(url("plain"), "file.csv"));
      if (code !== "FILE_ERROR") throw new Error(`ended with ${code}`);
      return "no";
    },
    "a file handle": async () => (place.handle ? place.handle(whole) : "no"),
    "exports of all vendors, with a resume token": async () => {
      for (const [name, { clientOptions, examples }] of Object.entries(vendors)) {
        const create = Object.entries(packages[name]).find(([key]) => key.startsWith("create"))[1];
        for (const [workflow, request] of Object.entries(examples)) {
          const job = await create(clientOptions)[workflow](request);
          const wait = { schedule: () => 5 };
          await job.refresh();
          const file = await create(clientOptions).resume(job.token).download(wait);
          const again = await job.download(wait);
          const [one, other] = [await file.bytes(), await again.bytes()];
          if (!one.length || !sameBytes(one, other))
            throw new Error(`${name} ${workflow}: not twice the same file`);
        }
      }
      return "yes";
    },
  };
  const results = [];
  for (const [name, look] of Object.entries(cases)) {
    try {
      results.push({ name, outcome: await look() });
    } catch (error) {
      results.push({ name, problem: `${error?.stack ?? error}` });
    }
  }
  return [...results, ...claims(results)];
}

/** A proof counts only where the lack of it is seen. */
function claims(results) {
  const of = (name) => results.find((result) => result.name === name)?.outcome;
  const pairs = [
    ["a chunked body", "a chunked body, cut with `Connection: close`"],
    ["a body of gzip that nobody asked for", "a gzip body, cut in whole framing"],
  ];
  return pairs
    .filter(([whole, cut]) => of(whole) === "framing" && of(cut) !== "noticed")
    .map(([name, cut]) => ({ name, problem: `is said to be proved, but of ${cut} nothing is noticed` }));
}

/** A stream's bytes. */
export function memory() {
  const chunks = [];
  return {
    to: new WritableStream({ write: (chunk) => void chunks.push(chunk) }),
    read: async () => new Uint8Array(await new Blob(chunks).arrayBuffer()),
  };
}

async function drain(reader) {
  for (;;) if ((await reader.read()).done) return "done";
}

async function refusal(work) {
  try {
    await work;
    return "no error";
  } catch (error) {
    return error.code ?? String(error);
  }
}
