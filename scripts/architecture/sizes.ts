import { readdirSync } from "node:fs";
import { root } from "../vendors.js";
import type { PackageRooms } from "./rooms.js";

/** A reader takes in about so many files at a glance. */
const MAX_FILES = 15;

/** Finds folders with too many source files, folders that no room has, and rooms without a folder. */
export function sizeProblems({ folder, rooms }: PackageRooms): string[] {
  const names = rooms.map(({ name }) => name).filter((name) => name !== ".");
  const problems = names
    .filter((name) => !foldersBelow(`${folder}/src`).includes(name))
    .map((name) => `${folder}/src/README.md: there is no folder ${name}`);
  for (const name of ["", ...foldersBelow(`${folder}/src`)]) {
    const isKnown = name === "" || names.some((room) => name === room || name.startsWith(`${room}/`));
    const files = sourceFiles(`${folder}/src/${name}`);
    if (!isKnown && files.length) problems.push(`${folder}/src/${name}: its README.md has no such room`);
    if (files.length > MAX_FILES && !isForTests(rooms, name))
      problems.push(
        `${folder}/src/${name}: ${files.length} source files, more than ${MAX_FILES}: is it one room?`,
      );
  }
  return problems;
}

function isForTests(rooms: PackageRooms["rooms"], folder: string): boolean {
  return rooms.some(
    ({ name, isForTests }) => isForTests && (folder === name || folder.startsWith(`${name}/`)),
  );
}

function sourceFiles(folder: string): string[] {
  return readdirSync(`${root}${folder}`).filter(
    (name) => /\.ts$/.test(name) && !/\.test(-d)?\.ts$/.test(name),
  );
}

function foldersBelow(folder: string): string[] {
  return readdirSync(`${root}${folder}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [name, ...foldersBelow(`${folder}/${name}`).map((inner) => `${name}/${inner}`)]);
}
