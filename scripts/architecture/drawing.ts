import type { PackageRooms, Room } from "./rooms.js";

const BLOCK = /(<!-- rooms of (packages\/[\w-]+) -->\n)[\s\S]*?(<!-- \/rooms -->)/g;

/** Draws the rooms into a page, between the comments that name a package. */
export function drawRooms(page: string, packages: readonly PackageRooms[]): string {
  return page.replace(BLOCK, (_, start: string, folder: string, end: string) => {
    const found = packages.find((each) => each.folder === folder);
    if (!found) throw new Error(`ARCHITECTURE.md: ${folder} has no src/README.md with a table of rooms`);
    return `${start}${draw(found.rooms)}\n${end}`;
  });
}

/** One line for each room: its name, its purpose, and the rooms below it that it stands on directly. */
function draw(rooms: readonly Room[]): string {
  const shown = rooms.filter(({ name, isForTests }) => !isForTests && name !== "generated");
  const edges = shown.flatMap((room) =>
    directImports(room, rooms).map((other) => `  ${id(room.name)} --> ${id(other)}`),
  );
  const nodes = shown.map(({ name }) => `  ${id(name)}["${name === "." ? "entries" : name}"]`);
  return ["```mermaid", "flowchart TD", ...nodes, ...edges, "```"].join("\n");
}

/** The imports of a room without those that it has through another one, so that the drawing stays readable. */
function directImports({ mayImport }: Room, rooms: readonly Room[]): string[] {
  const indirect = new Set(
    mayImport.flatMap((name) => rooms.find((room) => room.name === name)?.mayImport ?? []),
  );
  return mayImport.filter((name) => !indirect.has(name) && name !== "generated");
}

function id(name: string): string {
  return name === "." ? "entries" : name.replace(/\W/g, "_");
}
