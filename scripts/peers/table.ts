import { cases } from "./cases.js";
import type { Program } from "./programs.js";
import { runCase } from "./run-case.js";
import { startServer } from "./server.js";

/** As many as two cores bear; most programs wait most of the time. */
const AT_ONCE = 6;

/** Runs all programs through all cases. @returns a row for each case */
export async function measure(programs: readonly Program[]): Promise<string[][]> {
  const server = await startServer();
  const rows = cases.map(({ what }) => [what]);
  const runs = cases.flatMap((one, row) =>
    programs.map((program, column) => ({ one, program, row, column })),
  );
  const work = async () => {
    for (let next = runs.shift(); next; next = runs.shift()) {
      const cells = rows[next.row] ?? [];
      cells[next.column + 1] = await runCase(next.one, next.program, server);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await server.close();
  }
  return rows;
}

/** The rows as a table in Markdown. */
export function tableOf(programs: readonly Program[], rows: readonly (readonly string[])[]): string {
  const head = ["what happens", ...programs.map(({ name }) => name)];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
