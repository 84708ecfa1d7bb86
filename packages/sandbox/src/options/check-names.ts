import leven from "leven";

/** What there is to know of each option, by its name: its words, if it may only be one of some (`enum`). */
export type OptionSchemas = Readonly<Record<string, object>>;

/**
 * Checks the names of options, and the words that an option may be. Programs in JavaScript and bodies over HTTP have seen no compiler.
 * @param where what the options were given to, for the message
 * @throws {TypeError} if there is no option of a name
 * @throws {RangeError} if an option is none of its words
 */
export function checkNames(where: string, given: unknown, options: OptionSchemas): void {
  if (given === undefined) return;
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new TypeError(`${where} takes an object of options`);
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option)
      throw new TypeError(
        `${where}: there is no option "${name}"${nearestOf(name, Object.keys(options), "it has no options")}`,
      );
    if (value !== undefined && "enum" in option && Array.isArray(option.enum))
      checkWord(`${where}: ${name}`, value, option.enum.map(String));
  }
}

/**
 * Checks that a value is one of a list of words.
 * @throws {RangeError} naming the nearest word
 */
export function checkWord(what: string, value: unknown, words: readonly string[]): void {
  if (words.some((word) => word === value)) return;
  throw new RangeError(`${what} cannot be ${JSON.stringify(value)}${nearestOf(String(value), words)}`);
}

/** The end of a message about an unknown word: the nearest one, or else the whole list. */
export function nearestOf(word: string, words: readonly string[], ifNone = "there is none"): string {
  const [nearest] = words
    .map((one) => ({
      one,
      distance: one.startsWith(word) ? 0 : leven(word.toLowerCase(), one.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance);
  if (!nearest) return `; ${ifNone}`;
  const isNear = nearest.distance <= Math.max(2, word.length * 0.4);
  return isNear ? `; did you mean "${nearest.one}"?` : `; there are ${words.join(", ")}`;
}
