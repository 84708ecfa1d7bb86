import { readFileSync } from "node:fs";
import { root, type Vendor } from "../vendors.js";

/** A program that stands in a README. */
export interface Example {
  /** The name of its file in the consumer, without the ending. */
  readonly name: string;
  readonly vendor: Vendor;
  readonly text: string;
}

/** Pages with programs that run as they stand. */
const PAGES = ["README.md", "docs/getting-started.md", "docs/guides/nightly.md", "docs/guides/resume.md"];

/** The programs that are marked as examples in the READMEs of the vendor packages, and in the project's pages. */
export function readExamples(vendors: readonly Vendor[]): Example[] {
  const readmes = [...vendors.map(({ name }) => `packages/${name}/README.md`), ...PAGES];
  return readmes.flatMap((readme) => {
    const blocks = [
      ...readFileSync(root + readme, "utf8").matchAll(/<!-- example -->\s*```ts\n([\s\S]*?)```/g),
    ];
    if (blocks.length === 0) throw new Error(`${readme} has no example: a ts block after <!-- example -->`);
    return blocks.map(([, text = ""], index) => {
      const vendor = vendors.find(({ packageName }) => new RegExp(`from "${packageName}(/env)?"`).test(text));
      if (!vendor) throw new Error(`the example of ${readme} imports no vendor package`);
      return { name: `${readme.replace(/\W+/g, "-").toLowerCase()}-${index + 1}`, vendor, text };
    });
  });
}
