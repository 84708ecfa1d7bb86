import { readdirSync, readFileSync } from "node:fs";
import { root } from "../vendors.js";

/** Bytes that a word of the spec language may cost a vendor that has it: from the import on, or from the first download on. */
export type WordBudgets = Readonly<
  Record<string, { readonly firstLoadBytes?: number; readonly downloadBytes?: number }>
>;

/** What the words of a vendor's spec may cost beside the budget of all vendors, by the parts of the shared package that its code imports. */
export function limitsOfWords(vendor: string, budgets: WordBudgets): { first: number; download: number } {
  const folder = `${root}packages/${vendor}/src/generated`;
  const code = readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(`${folder}/${file}`, "utf8"))
    .join("\n");
  const used = Object.entries(budgets).filter(([word]) => code.includes(`"@outhaul/shared/${word}"`));
  const first = used.reduce((sum, [, { firstLoadBytes = 0 }]) => sum + firstLoadBytes, 0);
  const later = used.reduce((sum, [, { downloadBytes = 0 }]) => sum + downloadBytes, 0);
  return { first, download: first + later };
}
