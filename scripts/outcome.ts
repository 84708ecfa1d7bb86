import { existsSync, readdirSync, readFileSync } from "node:fs";

/** What a program left behind: the file; another one without an error; after an error a part of it under its name, be it an empty one, all of it, or none. */
export type Outcome = "file" | "wrong" | "half" | "whole" | "none" | "waiting";

/** Looks at the one file of a folder that has its final name. @param ending how the program ended */
export function readOutcome(
  ending: "well" | "error" | "waiting",
  folder: string,
  isRight: (bytes: Buffer) => boolean,
): Outcome {
  if (ending === "waiting") return "waiting";
  const [name] = existsSync(folder)
    ? readdirSync(folder)
        .filter((one) => !one.startsWith("."))
        .sort()
    : [];
  const bytes = name === undefined ? undefined : readFileSync(`${folder}/${name}`);
  if (ending === "well") return bytes && isRight(bytes) ? "file" : "wrong";
  if (!bytes) return "none";
  return isRight(bytes) ? "whole" : "half";
}
