const START = "<!-- by-hand -->";
const END = "<!-- /by-hand -->";

/** README.md with this table between its marks. @throws if it has no marks */
export function replaceTable(readme: string, table: string): string {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start < 0 || end < start) throw new Error(`README.md has no place for the table: ${START} … ${END}`);
  return `${readme.slice(0, start)}${START}\n${table}\n${readme.slice(end)}`;
}
