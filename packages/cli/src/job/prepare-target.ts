import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkTarget, type SaveOptions, type WaitOptions } from "@outhaul/shared";
import { DiskError } from "../errors/command-error.js";
import { reasonOf } from "../errors/system-reason.js";
import { makeFolder } from "../files/make-folder.js";
import { saveTarget } from "./target.js";

/**
 * Makes the folder of a file and tries to write there, before anything is started: that a disk is read-only, or is no disk at all, only writing tells.
 * A path that holds the job's id is not known before the start.
 * @throws {DownloadError} if something is there already, and is not to be replaced
 * @throws {DiskError} if no file can be made there
 */
export async function prepareTarget(template: string, options: WaitOptions & SaveOptions): Promise<void> {
  if (template.includes("{id}")) return;
  const { to } = saveTarget(template, "");
  await checkTarget(to, options);
  const isFolder = to.endsWith("/") || statSync(to, { throwIfNoEntry: false })?.isDirectory() === true;
  const folder = isFolder ? to : dirname(to);
  makeFolder(folder, 0o777);
  const probe = join(folder, `.outhaul-${randomUUID()}.tmp`);
  try {
    await writeFile(probe, "", { flag: "wx" });
    await rm(probe);
  } catch (cause) {
    throw new DiskError(`cannot save into ${folder}: ${reasonOf(cause)}`, { cause });
  }
}
