import { existsSync, readdirSync, readFileSync } from "node:fs";
import { root } from "../vendors.js";

/** A folder with one purpose, as the README of its package's `src` describes it. */
export interface Room {
  /** The path below `src`; `.` for the files beside the rooms. */
  readonly name: string;
  readonly purpose: string;
  /** The rooms that it may import. */
  readonly mayImport: readonly string[];
  /** Only tests may import it. */
  readonly isForTests: boolean;
}

/** A package whose `src/README.md` has a table of rooms. */
export interface PackageRooms {
  /** The package's folder, from the repository's root. */
  readonly folder: string;
  /** In the order of the table: a room imports only rooms above it. */
  readonly rooms: readonly Room[];
}

const ROW = /^\| (?:\[`([^`]+)`\]\([^)]*\)|`([^`]+)`) \| (.+?) \| (.+?) \|$/;

/** Reads the tables of rooms of all packages. @throws for a row that names a room which is not above it */
export function readRooms(): PackageRooms[] {
  return readdirSync(`${root}packages`)
    .map((name) => `packages/${name}`)
    .filter((folder) => existsSync(`${root}${folder}/src/README.md`))
    .map((folder) => ({
      folder,
      rooms: parseRooms(readFileSync(`${root}${folder}/src/README.md`, "utf8"), `${folder}/src/README.md`),
    }));
}

/** Reads one table. @param file its name in messages */
export function parseRooms(markdown: string, file: string): Room[] {
  const rooms: Room[] = [];
  for (const line of markdown.split("\n")) {
    const [, linked, plain, purpose, imports] = ROW.exec(line) ?? [];
    const name = linked ?? plain;
    if (name === undefined || purpose === undefined || imports === undefined) continue;
    const above = rooms.map((room) => room.name);
    const isForTests = imports === "all";
    const mayImport =
      isForTests || imports === "all above" ? above : imports === "–" ? [] : imports.split(", ");
    const missing = mayImport.find((other) => !above.includes(other));
    if (missing !== undefined)
      throw new Error(`${file}: ${name} may not import ${missing}: there is no such room above it`);
    rooms.push({ name, purpose, mayImport, isForTests });
  }
  if (rooms.length === 0) throw new Error(`${file}: there is no table of rooms`);
  return rooms;
}
