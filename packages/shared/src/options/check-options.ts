import { platform } from "#platform";

/** What an option may be: a type as `typeof` names it, a list of values, or options within it; `""` where others check it. */
type OptionKind = string | readonly unknown[] | AnyOptionTable;
type AnyOptionTable = { readonly [name: string]: OptionKind };

/** Every option of an interface, and what it may be. */
export type OptionTable<Options> = { readonly [Name in keyof Required<Options>]: OptionKind };

/**
 * Checks options as users give them; those of JavaScript have seen no compiler.
 * @param where what the options were given to
 * @throws {TypeError} naming the option that does not exist, with those that it may be meant for, or that has a value of a wrong kind
 */
export function checkOptions(where: string, given: unknown, table: AnyOptionTable): void {
  if (given === undefined) return;
  if (typeof given !== "object" || !given) throw new TypeError(`${where}: expects an object of options`);
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(table, name) ? table[name] : undefined;
    if (kind === undefined)
      throw new TypeError(
        `${where}: there is no option "${name}"${platform.didYouMean?.(name, Object.keys(table)) ?? ""}`,
      );
    if (!kind || value === undefined) continue;
    const isType = typeof kind === "string";
    if (!isType && !Array.isArray(kind))
      checkOptions(`${where}: ${name}`, value, kind as AnyOptionTable); // neither a text nor a list
    // Numbers are sizes, counts and times: none is below 0.
    else if ((isType ? typeof value !== kind : !kind.includes(value)) || value < 0 || Number.isNaN(value))
      throw new TypeError(
        `${where}: the option "${name}" must be ${isType ? `a ${kind}` : `one of ${JSON.stringify(kind).slice(1, -1)}`}`,
      );
  }
}
