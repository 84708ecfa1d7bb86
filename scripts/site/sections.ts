/**
 * Puts parts of README.md where a page asks for them. A line such as `<!-- README.md: Guarantees -->` and the line below it, a link for readers of the file
 * itself, become what stands under that heading, or the table whose first column has that title.
 * @throws {Error} if README.md has neither
 */
export function includeSections(page: string, readme: string): string {
  return page.replace(/^<!-- README\.md: (.+) -->\n.*$/gm, (_, title: string) => {
    const part = tableOf(readme, title) ?? sectionOf(readme, title);
    if (part === undefined) throw new Error(`README.md has no heading and no table "${title}"`);
    return part.replace(/\]\((?![\w+]+:|#)/g, "](../");
  });
}

function sectionOf(readme: string, heading: string): string | undefined {
  const start = readme.indexOf(`\n## ${heading}\n`);
  if (start < 0) return undefined;
  const text = readme.slice(start + heading.length + 5);
  const end = text.search(/^## /m);
  return (end < 0 ? text : text.slice(0, end)).trim();
}

function tableOf(readme: string, title: string): string | undefined {
  const start = readme.indexOf(`\n| ${title} |`);
  if (start < 0) return undefined;
  return /^(\|.*\n)+/.exec(readme.slice(start + 1))?.[0].trim();
}
