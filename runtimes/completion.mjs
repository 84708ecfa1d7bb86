// `npm run test:completion`: the completion of the command line in bash, zsh and fish on a pseudo-terminal, as somebody types it. The shells are installed from Debian where they are missing.
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { spawn } from "@lydell/node-pty";
import { program } from "./install.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const LIMIT_MS = 20_000;
const folder = mkdtempSync(join(tmpdir(), "outhaul-completion-"));
const trap = join(folder, "trap");
writeFileSync(
  join(folder, "outhaul"),
  `#!/bin/sh\nexec "${process.execPath}" "${root}packages/cli/dist/main.js" "$@"\n`,
);
chmodSync(join(folder, "outhaul"), 0o755);

/** How each shell is started without the files of its user, and what its user writes into them. */
const shells = {
  bash: { args: ["--norc", "--noprofile", "-i"], setUp: "source <(outhaul completion bash)" },
  zsh: {
    args: ["-f", "-i"],
    setUp: "autoload -Uz compinit && compinit -u -D && source <(outhaul completion zsh)",
  },
  fish: { args: ["--no-config", "-i"], setUp: "outhaul completion fish | source" },
};

/** What is typed before Tab, and what has to be seen then. */
const cases = [
  ["outhaul resu", /outhaul resume/],
  ["outhaul ongage exportAg", /exportAggregateActivity/],
  ["outhaul ongage exportContacts --date-f", /--date-format/],
  ["outhaul ongage exportContacts --require-integrity dig", /digest/],
  ["outhaul completion fi", /completion fish/],
  ["outhaul login onga", /login ongage/],
  ["cd / && outhaul call conn", /call connhex/],
  ["outhaul run CONTRIB", /run CONTRIBUTING\.md/],
  ["outhaul ongage exportContacts -o CONTRIB", /-o CONTRIBUTING\.md/],
  [`outhaul ongage exportContacts --name 'a; touch ${trap}; echo ' --sha`, /--sha256/],
];

/** A shell on a pseudo-terminal, with what it shows. */
function open(shell) {
  const { args } = shells[shell];
  const { PATH, LANG = "C.UTF-8" } = process.env;
  const pty = spawn(program(shell), args, {
    name: "xterm",
    cols: 200,
    rows: 30,
    cwd: root,
    env: { PATH: `${folder}:${PATH}`, HOME: folder, LANG, TERM: "xterm" },
  });
  let screen = "";
  let look = () => {};
  pty.onData((text) => {
    screen += text;
    look();
  });
  const shows = (pattern) =>
    new Promise((resolve, reject) => {
      const shown = () => stripVTControlCharacters(screen);
      const timer = setTimeout(() => reject(new Error(`never shows ${pattern}: ${shown()}`)), LIMIT_MS);
      look = () => {
        if (!pattern.test(shown())) return;
        clearTimeout(timer);
        resolve();
      };
      look();
    });
  const type = async (text, pattern) => {
    pty.write(text);
    await shows(pattern);
  };
  const clear = () => {
    screen = "";
  };
  return { type, clear, close: () => pty.kill("SIGKILL") };
}

let passed = 0;
let failed = 0;
for (const [shell, { setUp }] of Object.entries(shells)) {
  for (const [typed, pattern] of cases) {
    const terminal = open(shell);
    try {
      // The word is cut in two, so that its echo is no answer.
      await terminal.type(`${setUp}; echo rea""dy\r`, /ready/);
      terminal.clear();
      await terminal.type(typed, new RegExp(typed.slice(-4).replace(/\W/g, "\\$&")));
      await terminal.type("\t", pattern);
      if (existsSync(trap)) throw new Error("what stands between quotes was run");
      passed++;
    } catch (error) {
      failed++;
      console.log(`FAILED ${shell}: ${typed}<Tab>: ${error.message}`);
    } finally {
      terminal.close();
      rmSync(trap, { force: true });
    }
  }
}
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
