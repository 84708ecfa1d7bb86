import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { root } from "../vendors.js";

/** A program that fetches a file. */
export interface Program {
  readonly name: string;
  readonly version: string;
  /** @param header a line that goes with the request */
  command(target: { url: string; path: string; header: string | undefined }): string[];
}

const LIBRARIES = ["undici", "got", "axios", "ky"];

/** Outhaul, and what people use in its place, each with the retries and the resumption that its own documents offer. */
export function findPrograms(): Program[] {
  const [curl = "", wget = "", aria2 = ""] = execFileSync(
    process.execPath,
    [`${root}runtimes/install.mjs`, `${root}runtimes/bench/`, "curl", "wget", "aria2c=aria2"],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  ).split("\n");
  const lineFor = (option: string, header: string | undefined) => (header ? [option, header] : []);
  return [
    { name: "Outhaul", version: "of this repository", command: saveWith("outhaul, kept") },
    { name: "fetch", version: `of Node ${process.versions.node}`, command: saveWith("fetch") },
    ...LIBRARIES.map((name) => ({ name, version: versionOfLibrary(name), command: saveWith(name) })),
    {
      name: "curl",
      version: versionOf(curl),
      command: ({ url, path, header }) => [
        ...[curl, "--disable", "--silent", "--fail", "--location", "--retry", "3", "--retry-all-errors"],
        ...["--continue-at", "-", ...lineFor("--header", header), "--output", path, url],
      ],
    },
    {
      name: "wget",
      version: versionOf(wget),
      command: ({ url, path, header }) => [
        ...[wget, "--no-config", "--quiet", "--continue", "--tries=3", "--retry-on-http-error=429,503"],
        ...[...lineFor("--header", header), "--output-document", path, url],
      ],
    },
    {
      name: "aria2",
      version: versionOf(aria2),
      command: ({ url, path, header }) => [
        ...[
          aria2,
          "--no-conf",
          "--quiet",
          "--timeout=3",
          "--retry-wait=1",
          "--file-allocation=none",
          ...lineFor("--header", header),
        ],
        ...[
          "--dir",
          path.slice(0, path.lastIndexOf("/")),
          "--out",
          path.slice(path.lastIndexOf("/") + 1),
          url,
        ],
      ],
    },
  ];
}

function saveWith(client: string): Program["command"] {
  return ({ url, path, header }) => [
    ...[process.execPath, `${root}runtimes/bench/save.mjs`, client, url, path],
    ...(header ? [header] : []),
  ];
}

function versionOfLibrary(name: string): string {
  return JSON.parse(readFileSync(`${root}runtimes/bench/node_modules/${name}/package.json`, "utf8")).version;
}

function versionOf(program: string): string {
  const said = execFileSync(program, ["--version"], { encoding: "utf8" });
  return /\d+\.\d+(\.\d+)?/.exec(said)?.[0] ?? "";
}
