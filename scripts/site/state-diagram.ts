/** A state of an export, and how the vendor tells it, in Markdown. */
export type StateRow = readonly [state: string, found: string];

const BOX = { width: 150, height: 40 };
const GAP = 16;
const COLUMNS = { start: 8, running: 250, end: 540 };
const WIDTH = COLUMNS.end + BOX.width + 8;

/** Draws the states of an export as an SVG that takes its colours from the page: started, asked for, ended. */
export function stateDiagram(workflow: string, states: readonly StateRow[]): string {
  const names = states.map(([name]) => name);
  const going = ["queued", "running", "unknown"].filter((name) => names.includes(name));
  const ends = names.filter((name) => !going.includes(name));
  const rows = Math.max(going.length, ends.length, 1);
  const height = rows * (BOX.height + GAP) + GAP;
  const place = (column: number, list: readonly string[], index: number) => ({
    x: column,
    y: (height - list.length * (BOX.height + GAP) + GAP) / 2 + index * (BOX.height + GAP),
  });
  const startAt = place(COLUMNS.start, ["start"], 0);
  const goingAt = going.map((_, index) => place(COLUMNS.running, going, index));
  const endsAt = ends.map((_, index) => place(COLUMNS.end, ends, index));
  const middle = height / 2;
  const meet = { in: COLUMNS.running - 40, out: COLUMNS.running + BOX.width + 60 };
  const parts = [
    box(startAt, "start", "start"),
    ...going.map((name, index) => box(goingAt[index] ?? startAt, name, name)),
    ...ends.map((name, index) =>
      box(endsAt[index] ?? startAt, name === "succeeded" ? "succeeded: the file" : name, name),
    ),
    arrow(`M${startAt.x + BOX.width} ${middle}H${meet.in}`, goingAt.length === 0),
    ...goingAt.map(({ x, y }) => arrow(`M${meet.in} ${middle}V${y + BOX.height / 2}H${x - 2}`)),
    ...goingAt.map(({ x, y }) =>
      arrow(`M${x + BOX.width} ${y + BOX.height / 2}H${meet.out}V${middle}`, false),
    ),
    ...endsAt.map(({ x, y }) => arrow(`M${meet.out} ${middle}V${y + BOX.height / 2}H${x - 2}`)),
    `<text class="note" x="${meet.out - 54}" y="${middle - 6}">poll</text>`,
  ];
  const told = [...going, ...ends].join(", ");
  return [
    `<svg class="states" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="The states of ${workflow}: start, then ${told}">`,
    `<defs><marker id="arrow-${workflow}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>`,
    ...parts.map((part) => part.replace("arrow-", `arrow-${workflow}`)),
    "</svg>",
  ].join("\n");
}

function box({ x, y }: { readonly x: number; readonly y: number }, text: string, state: string): string {
  return `<g class="state ${state}"><rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8"/><text x="${x + BOX.width / 2}" y="${y + BOX.height / 2}">${text}</text></g>`;
}

function arrow(path: string, hasHead = true): string {
  return `<path class="way" d="${path}"${hasHead ? ' marker-end="url(#arrow-)"' : ""}/>`;
}
