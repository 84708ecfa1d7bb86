import type { Reply } from "../workflow/workflow.js";

/** How a vendor says of which parts a file is made: a list of addresses, pages of which each names the next, or a number of parts. */
export interface PartsDefinition {
  /** The list of files in the reply with their addresses. */
  files?(reply: Reply): unknown;
  /** Where in an item of that list the address is. Without it, the item is the address. */
  readonly item?: readonly (string | number)[];
  /** What names the next page; `undefined`, `null` or `""` after the last one. */
  nextPage?(reply: Reply): unknown;
  /** The header of `nextPage`, if every page has it, also the last one. */
  readonly header?: string;
  /** Set if it stands in the page, not in the head of the reply. */
  readonly inBody?: true;
  /** How many parts there are, or a list with an item for each, in the poll's reply. */
  count?(reply: Reply): unknown;
  /** The number of the first of them. */
  readonly first?: number;
}
