import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("./", import.meta.url));
const rooms = readdirSync(src, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

describe.each(rooms)("the room %s", (room) => {
  const files = readdirSync(`${src}${room}`, { recursive: true, encoding: "utf8" }).filter(
    (file) => /\.ts$/.test(file) && !/\.test\.ts$|(^|\/)(fixtures|testing)\//.test(file),
  );

  it("imports what its README says, and nothing else", () => {
    const readme = readFileSync(`${src}${room}/README.md`, "utf8");
    const [, said = ""] = /^Imports: (.*)$/m.exec(readme) ?? [];
    const allowed = [...said.matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
    const imported = files.flatMap((file) => {
      const text = readFileSync(`${src}${room}/${file}`, "utf8");
      const up = "../".repeat(file.split("/").length);
      return [...text.matchAll(/(?:from|import\() ?"((?:\.\.\/)+)([\w-]+)\/[^"]*"/g)].flatMap(
        ([, dots, name]) => (dots === up && name !== room ? [name] : []),
      );
    });
    expect([...new Set(imported)].sort()).toEqual(allowed.sort());
  });

  it("has no folder of more than 15 files", () => {
    const folders = files.map((file) => file.slice(0, file.lastIndexOf("/") + 1));
    for (const folder of new Set(folders))
      expect(folders.filter((one) => one === folder).length, `${room}/${folder}`).toBeLessThanOrEqual(15);
  });
});

it("the README lists all rooms", () => {
  const readme = readFileSync(`${src}README.md`, "utf8");
  const listed = [...readme.matchAll(/^\| \[`([\w-]+)`\]/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(rooms.sort());
});
