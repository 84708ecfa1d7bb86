import { posix } from "node:path";
import { configFile } from "../../config/config.js";
import { ConfigError } from "../../config/read-config.js";
import type { Repository } from "../../config/repository.js";

/** What the table says of a vendor. */
export interface ListedVendor {
  readonly vendor: string;
  /** The vendor's name as it writes it. */
  readonly title: string;
  /** Its name when the package was last generated. */
  readonly formerTitle?: string | undefined;
  readonly workflows: readonly string[];
}

const BEGIN = "<!-- packages -->";
const END = "<!-- /packages -->";

/**
 * Writes the table of packages between the marks of a README. What a person wrote in the column `vendor` stays.
 * @throws {ConfigError} if the README has no marks
 */
export function packagesTable(
  readme: string | undefined,
  vendors: readonly ListedVendor[],
  { config, packageFolder, packageName }: Repository,
): string {
  const file = config.readme ?? "README.md";
  const text = readme ?? `# Packages\n\n${BEGIN}\n${END}\n`;
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin === -1 || end < begin)
    throw new ConfigError(
      `${configFile}: readme: ${file} does not say where the table of packages goes. Write two lines into it: ${BEGIN} and ${END}`,
    );
  const old = text.slice(begin, end);
  const rows = [...vendors]
    .sort((a, b) => (a.vendor < b.vendor ? -1 : 1))
    .map(({ vendor, title, formerTitle, workflows }) => {
      const link = `[\`${packageName(vendor)}\`](${posix.relative(posix.dirname(file), packageFolder(vendor))})`;
      const before = old.split("\n").find((line) => line.startsWith(`| ${link} |`));
      const written = before?.split(/(?<!\\)\|/)[2]?.trim();
      const isOwn = written !== undefined && written !== "" && written !== cell(formerTitle ?? title);
      const name = isOwn ? written : cell(title);
      return `| ${link} | ${name} | ${workflows.map((id) => `\`${id}\``).join(", ")} |`;
    });
  const table = ["| package | vendor | exports |", "|---|---|---|", ...rows].join("\n");
  return `${text.slice(0, begin)}${BEGIN}\n${table}\n${text.slice(end)}`;
}

/** A text as it stands in a cell of a table. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
