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
