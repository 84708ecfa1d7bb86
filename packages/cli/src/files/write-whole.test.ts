import nodeFs, {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { DiskError } from "../errors/command-error.js";
import { type WritingFs, writeWhole } from "./write-whole.js";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "outhaul-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A disk with room for a number of bytes. As the system does, it takes what fits and refuses the next write. */
function smallDisk(room: number): WritingFs {
  let left = room;
  const writeSync = (descriptor: number, bytes: Buffer, offset: number) => {
    if (left === 0) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    const count = nodeFs.writeSync(descriptor, bytes, offset, Math.min(left, bytes.length - offset));
    left -= count;
    return count;
  };
  return { ...nodeFs, writeSync: writeSync as typeof nodeFs.writeSync };
}

it("2.13: on a full disk the old file stays, and the error says so", () => {
  const folder = temporaryFolder();
  const path = join(folder, "config.json");
  writeWhole(path, "the old text");
  const write = () => writeWhole(path, "a new text that is longer", { fs: smallDisk(10) });
  expect(write).toThrow(
    new DiskError(`cannot write ${path}: no space left on device (ENOSPC); it is as it was before`),
  );
  expect(readFileSync(path, "utf8")).toBe("the old text");
  expect(readdirSync(folder)).toEqual(["config.json"]);
});

it("2.13: a disk that takes a write in pieces gets all of them", () => {
  const path = join(temporaryFolder(), "a");
  const writeSync = (descriptor: number, bytes: Buffer, offset: number) =>
    nodeFs.writeSync(descriptor, bytes, offset, Math.min(3, bytes.length - offset));
  writeWhole(path, "ä text in pieces", {
    fs: { ...nodeFs, writeSync: writeSync as typeof nodeFs.writeSync },
  });
  expect(readFileSync(path, "utf8")).toBe("ä text in pieces");
});

it("2.13: a file that cannot be synced or renamed is not replaced", () => {
  const path = join(temporaryFolder(), "a");
  writeWhole(path, "old");
  for (const name of ["fsyncSync", "renameSync"] as const) {
    const fail = () => {
      throw Object.assign(new Error("i/o error"), { code: "EIO" });
    };
    expect(() => writeWhole(path, "new", { fs: { ...nodeFs, [name]: fail } })).toThrow("EIO");
    expect(readFileSync(path, "utf8")).toBe("old");
  }
});

it.skipIf(process.platform === "win32")("a link and the permissions of a file stay", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "real"), "old");
  chmodSync(join(folder, "real"), 0o640);
  symlinkSync("real", join(folder, "link"));
  writeWhole(join(folder, "link"), "new");
  expect(readFileSync(join(folder, "real"), "utf8")).toBe("new");
  expect(statSync(join(folder, "real")).mode & 0o777).toBe(0o640);
  writeWhole(join(folder, "secret"), "new", { mode: 0o600 });
  expect(statSync(join(folder, "secret")).mode & 0o777).toBe(0o600);
});
