import type { IForbiddenRuleType } from "dependency-cruiser";
import type { PackageRooms, Room } from "./rooms.js";

/** Files that may import anything of their package. */
const TESTS = "\\.test(-d)?\\.ts$|/testing/";

/** The rules for imports: no circle anywhere, and no arrow that the tables of rooms do not have. */
export function importRules(packages: readonly PackageRooms[]): IForbiddenRuleType[] {
  return [
    {
      name: "no-circle",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...packages.flatMap(({ folder, rooms }) => rooms.map((room) => roomRule(`${folder}/src`, rooms, room))),
  ];
}

function roomRule(source: string, rooms: readonly Room[], room: Room): IForbiddenRuleType {
  const allowed = [room, ...rooms.filter(({ name }) => room.mayImport.includes(name))];
  return {
    name: `${source}/${room.name}`,
    severity: "error",
    from: { path: pathOf(source, rooms, room), pathNot: TESTS },
    to: {
      path: `^${source}/`,
      pathNot: allowed.map((other) => pathOf(source, rooms, other)),
    },
  };
}

/** A pattern for the files of a room, without those of rooms inside it. */
function pathOf(source: string, rooms: readonly Room[], { name }: Room): string {
  if (name === ".") return `^${source}/[^/]+$`;
  const inner = rooms
    .filter((other) => other.name.startsWith(`${name}/`))
    .map((other) => other.name.slice(name.length + 1));
  const exceptInner = inner.length ? `(?!(${inner.join("|")})/)` : "";
  return `^${source}/${name}/${exceptInner}`;
}
