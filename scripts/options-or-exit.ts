/** Reads the options of a script. Where they are wrong, or help was asked for, it says so and ends the process. */
export function optionsOrExit<Options>(read: () => Options | undefined, usage: string): Options {
  let options: Options | undefined;
  try {
    options = read();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
  if (options) return options;
  console.log(usage);
  process.exit(0);
}

/**
 * Reads a whole number that an option gives.
 * @throws {Error} that names the option, if it is none, or less than the least
 */
export function wholeNumber(name: string, text: string, least = 0): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} must be a whole number from ${least} on, not "${text}"`);
}
