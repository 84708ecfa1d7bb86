import { createHash } from "node:crypto";
import { dirname, resolve } from "node:path";
import { UsageError } from "../errors/command-error.js";
import { startTarget } from "../job/target.js";
import { checkRequest } from "../request/check.js";
import { requestFields } from "../request/fields.js";
import { readDocument } from "../request/input.js";
import type { Io } from "../terminal/io.js";
import { type InstalledVendor, installedVendor, nearest } from "../vendors/installed.js";
import type { ManifestWorkflow } from "../vendors/manifest.js";

/** An export of a file of several, checked. */
export interface PlannedExport {
  readonly name: string;
  readonly vendor: InstalledVendor;
  readonly workflow: ManifestWorkflow;
  readonly request: Record<string, unknown>;
  /** Options of the client that are no secrets. */
  readonly options: Readonly<Record<string, string>>;
  /** The filled output template. */
  readonly target: string;
  /** Tells this export from one with another request or target. */
  readonly fingerprint: string;
}

const KEYS = ["name", "vendor", "workflow", "request", "options", "output"];

/**
 * Reads a file of exports, and checks all of it before anything is sent.
 * @throws {UsageError} with a line for each mistake
 */
export async function readExportsFile(file: string, startedAt: Date, io: Io): Promise<PlannedExport[]> {
  const document = await readDocument(file, io);
  const list = isObject(document) ? document["exports"] : document;
  if (!Array.isArray(list) || list.length === 0)
    throw new UsageError(
      `${file} names no exports: a list "exports" is expected, each with vendor, workflow and request`,
    );
  // Paths are relative to the file that names them: a nightly job may run from anywhere.
  const folder = file === "-" ? io.cwd : dirname(resolve(io.cwd, file));
  const problems: string[] = [];
  const planned: PlannedExport[] = [];
  for (const [index, value] of list.entries()) {
    const where =
      isObject(value) && typeof value["name"] === "string" ? value["name"] : `export ${index + 1}`;
    try {
      const one = plan(value, startedAt, folder, io);
      if (planned.some(({ name }) => name === one.name))
        throw new UsageError(`there are two of this name: give each a "name"`);
      planned.push(one);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.lines.map((line) => `${file}: ${where}: ${line}`));
    }
  }
  if (problems.length) throw new UsageError(...problems);
  return planned;
}

function plan(value: unknown, startedAt: Date, folder: string, io: Io): PlannedExport {
  if (!isObject(value)) throw new UsageError("an object with vendor, workflow and request is expected");
  const lines = Object.keys(value).flatMap((key) => {
    if (KEYS.includes(key)) return [];
    const near = nearest(key, KEYS);
    return [`there is no key "${key}"${near ? `; did you mean ${near}?` : `: ${KEYS.join(", ")}`}`];
  });
  if (lines.length) throw new UsageError(...lines);
  const { vendor: vendorName, workflow: workflowId, request = {}, options = {}, output = "./" } = value;
  if (typeof vendorName !== "string") throw new UsageError(`"vendor" is missing`);
  const vendor = installedVendor(vendorName, io.cwd);
  const { manifest } = vendor;
  const ids = manifest.workflows.map(({ id }) => id);
  const workflow = manifest.workflows.find(({ id }) => id === workflowId);
  if (!workflow) {
    const near = typeof workflowId === "string" ? nearest(workflowId, ids) : undefined;
    throw new UsageError(
      workflowId === undefined
        ? `"workflow" is missing: ${ids.join(", ")}`
        : `${vendorName} has no export "${workflowId}"${near ? `; did you mean ${near}?` : `: ${ids.join(", ")}`}`,
    );
  }
  if (!isObject(request)) throw new UsageError(`"request" must be an object of fields`);
  if (typeof output !== "string" || output === "-") throw new UsageError(`"output" must be a path`);
  const given = textOptions(
    manifest.options.map(({ option }) => option),
    options,
  );
  const operation = manifest.operations.find(({ id }) => id === workflow.operation);
  if (!operation) throw new UsageError(`@outhaul/${vendorName} does not describe ${workflow.id} whole`);
  const targets = requestFields(manifest, operation, workflow.constants).map((field) => ({
    flag: field.path.join("."),
    field,
  }));
  const wrong = checkRequest(manifest, operation, { ...request, ...workflow.constants }, targets);
  if (wrong.length) throw new UsageError(...wrong.map((line) => line.replace(/--([\w.-]+)/g, '"$1"')));
  const target = startTarget(output, { vendor: vendorName, workflow: workflow.id, startedAt, cwd: folder });
  const facts = [vendorName, workflow.id, given, request, target];
  const name = typeof value["name"] === "string" ? value["name"] : `${vendorName} ${workflow.id}`;
  const fingerprint = createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 32);
  return { name, vendor, workflow, request, options: given, target, fingerprint };
}

/** Options of a client; credentials are none of them, since files are shared. */
function textOptions(known: readonly string[], options: unknown): Record<string, string> {
  if (!isObject(options)) throw new UsageError(`"options" must be an object`);
  const names = [...known, "baseUrl"];
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      if (!names.includes(name))
        throw new UsageError(
          `"options" takes ${names.join(", ")}, not "${name}"; credentials come from the environment or outhaul login`,
        );
      return [name, String(value)];
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
