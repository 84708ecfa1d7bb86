import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { drawRooms } from "./drawing.js";
import { parseRooms } from "./rooms.js";
import { importRules } from "./rules.js";

const TABLE = `
| room | what is in it | may import |
|---|---|---|
| [\`low\`](low) | first things | – |
| [\`mid/inner\`](mid/inner) | a room in a room | low |
| [\`mid\`](mid) | second things | low, mid/inner |
| \`.\` | the entry | all above |
`;

describe("the table of rooms", () => {
  it("refuses an arrow to a room that is not above", () => {
    const table = TABLE.replace("| – |", "| mid |");
    expect(() => parseRooms(table, "README.md")).toThrow("README.md: low may not import mid");
  });

  it("refuses a page without rooms", () => {
    expect(() => parseRooms("# Nothing", "README.md")).toThrow("there is no table of rooms");
  });

  it("is drawn with the direct arrows only", () => {
    const packages = [{ folder: "packages/a", rooms: parseRooms(TABLE, "README.md") }];
    const page = drawRooms("<!-- rooms of packages/a -->\nold\n<!-- /rooms -->", packages);
    expect(page).not.toContain("old");
    expect(page).toContain("  mid --> mid_inner\n");
    expect(page).not.toContain("  mid --> low\n");
    expect(() => drawRooms("<!-- rooms of packages/b -->\n<!-- /rooms -->", packages)).toThrow("packages/b");
  });
});

describe("the rules for imports", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "outhaul-rooms-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function violations(files: Record<string, string>): Promise<string[]> {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, "packages/a/src", name, ".."), { recursive: true });
      writeFileSync(join(folder, "packages/a/src", name), text);
    }
    const ruleSet = {
      forbidden: importRules([{ folder: "packages/a", rooms: parseRooms(TABLE, "README.md") }]),
    };
    const options = { baseDir: folder, ruleSet, validate: true, tsPreCompilationDeps: true };
    const { output } = await cruise(["packages"], options);
    return (output as ICruiseResult).summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  }

  it("let a room import what its row has", async () => {
    const files = {
      "low/a.ts": "export const a = 1;",
      "mid/inner/b.ts": 'import { a } from "../../low/a.js";\nexport const b = a;',
      "mid/c.ts": 'import { b } from "./inner/b.js";\nexport const c = b;',
      "index.ts": 'export { c } from "./mid/c.js";',
    };
    expect(await violations(files)).toEqual([]);
  });

  it("find an arrow up, also of a type alone", async () => {
    const files = {
      "low/a.ts": 'import type { C } from "../mid/c.js";\nexport type A = C;',
      "mid/c.ts": "export type C = 1;",
    };
    expect(await violations(files)).toEqual(["packages/a/src/low: packages/a/src/low/a.ts"]);
  });

  it("find a room that imports the one around it", async () => {
    const files = {
      "mid/inner/b.ts": 'import { c } from "../c.js";\nexport const b = c;',
      "mid/c.ts": "export const c = 1;",
    };
    expect(await violations(files)).toEqual(["packages/a/src/mid/inner: packages/a/src/mid/inner/b.ts"]);
  });

  it("find a circle of types", async () => {
    const files = {
      "low/a.ts": 'import type { B } from "./b.js";\nexport type A = B;',
      "low/b.ts": 'import type { A } from "./a.js";\nexport type B = A | 1;',
    };
    expect(await violations(files)).toContain("no-circle: packages/a/src/low/a.ts");
  });
});
