/** A page with this text between the marks `<!-- name -->` and `<!-- /name -->`. @throws if it has no marks */
export function replaceBlock(page: string, name: string, text: string): string {
  const [first, last] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = page.indexOf(first);
  const end = page.indexOf(last);
  if (start < 0 || end < start) throw new Error(`the page has no place for the table: ${first} … ${last}`);
  return `${page.slice(0, start)}${first}\n${text}\n${page.slice(end)}`;
}
