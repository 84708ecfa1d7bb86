import { createHash } from "node:crypto";
import { dirname, resolve } from "node:path";
import type { Manifest, ManifestWorkflow } from "@outhaul/spec";
import { chosenProfile } from "../client/account.js";
import { didYouMeanOneOf } from "../errors/closest-word.js";
import { UsageError } from "../errors/command-error.js";
import { isParts, PARTS, type Parts } from "../job/save-flags.js";
import { fillTemplate } from "../job/target.js";
import { createRequestCheck, type RequestCheck } from "../request/check.js";
import { isObject, readDocument } from "../request/document.js";
import { requestFields } from "../request/fields.js";
import type { Io } from "../terminal/io.js";
import { type InstalledVendor, installedVendor } from "../vendors/installed-vendors.js";

/** A valid export of an exports file. */
export interface PlannedExport {
  readonly name: string;
  readonly vendor: InstalledVendor;
  readonly workflow: ManifestWorkflow;
  readonly request: Record<string, unknown>;
  /** The account of the vendor, where it has a name. */
  readonly profile?: string;
  /** Options of the client that are no secrets. */
  readonly options: Readonly<Record<string, string>>;
  /** The filled output template. */
  readonly target: string;
  /** Whether what is inside a gzip file is saved, where the file says it. */
  readonly decompress?: boolean;
  /** What becomes of a file in parts, where the file says it. */
  readonly parts?: Parts;
  /** A hash that changes with the request and the target. */
  readonly fingerprint: string;
}

const KEYS = ["name", "vendor", "workflow", "profile", "request", "options", "output", "decompress", "parts"];

/**
 * Reads an exports file and checks all of it.
 * @param profile the account of the exports that name none
 * @throws {UsageError} with one line for each mistake
 */
export async function readExportsFile(
  file: string,
  profile: string | undefined,
  startedAt: Date,
  io: Io,
): Promise<PlannedExport[]> {
  const document = await readDocument(file, io);
  const list = isObject(document) ? document["exports"] : document;
  if (!Array.isArray(list) || list.length === 0)
    throw new UsageError(
      `${file} names no exports: a list "exports" is expected, each with vendor, workflow and request`,
    );
  // A path is relative to the exports file, because a scheduled run may start in any folder.
  const folder = file === "-" ? io.cwd : dirname(resolve(io.cwd, file));
  const problems: string[] = [];
  const planned = new Map<string, PlannedExport>();
  const context: PlanContext = {
    startedAt,
    folder,
    profile: chosenProfile(profile, io),
    known: knownWorkflows(io),
    io,
  };
  for (const [index, value] of list.entries()) {
    const label =
      isObject(value) && typeof value["name"] === "string" ? value["name"] : `export ${index + 1}`;
    try {
      const one = planExport(value, context);
      if (planned.has(one.name)) throw new UsageError(`there are two of this name: give each a "name"`);
      planned.set(one.name, one);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(...error.lines.map((line) => `${file}: ${label}: ${line}`));
    }
  }
  if (problems.length) throw new UsageError(...problems);
  return [...planned.values()];
}

/** The vendors and the checks of an exports file. Each is loaded once, however many exports there are. */
interface KnownWorkflows {
  vendor(name: string): InstalledVendor;
  check(vendor: InstalledVendor, workflow: ManifestWorkflow): RequestCheck;
}

function knownWorkflows(io: Io): KnownWorkflows {
  const vendors = new Map<string, InstalledVendor>();
  const checks = new Map<ManifestWorkflow, RequestCheck>();
  return {
    vendor(name) {
      const vendor = vendors.get(name) ?? installedVendor(name, io.cwd);
      vendors.set(name, vendor);
      return vendor;
    },
    check({ manifest }, workflow) {
      const check = checks.get(workflow) ?? createCheck(manifest, workflow);
      checks.set(workflow, check);
      return check;
    },
  };
}

/** What all exports of a file share. */
interface PlanContext {
  readonly startedAt: Date;
  /** The folder that paths start from. */
  readonly folder: string;
  /** The account of the exports that name none. */
  readonly profile: string | undefined;
  readonly known: KnownWorkflows;
  readonly io: Io;
}

function planExport(
  value: unknown,
  { startedAt, folder, profile: common, known, io }: PlanContext,
): PlannedExport {
  if (!isObject(value)) throw new UsageError("an object with vendor, workflow and request is expected");
  checkKeys(value);
  const { vendor: vendorName, request = {}, options = {}, output = "./", decompress, parts } = value;
  if (typeof vendorName !== "string") throw new UsageError(`"vendor" is missing`);
  const vendor = known.vendor(vendorName);
  const workflow = workflowOf(vendor.manifest, value["workflow"]);
  if (!isObject(request)) throw new UsageError(`"request" must be an object of fields`);
  if (typeof output !== "string" || output === "-") throw new UsageError(`"output" must be a path`);
  if (decompress !== undefined && typeof decompress !== "boolean")
    throw new UsageError(`"decompress" must be true or false`);
  if (parts !== undefined && !isParts(parts)) throw new UsageError(`"parts" must be ${PARTS.join(", ")}`);
  const profile = readProfile(value["profile"], common, io);
  const clientOptions = readOptions(vendor.manifest, options);
  const problems = known.check(vendor, workflow)({ ...request, ...workflow.constants });
  if (problems.length) throw new UsageError(...problems);
  const target = fillTemplate(output, {
    vendor: vendorName,
    workflow: workflow.id,
    profile,
    startedAt,
    cwd: folder,
  });
  const identity = [
    vendorName,
    workflow.id,
    clientOptions,
    request,
    target,
    ...(decompress ? ["decompress"] : []),
    ...(parts === undefined ? [] : [{ parts }]),
    ...(profile === undefined ? [] : [{ profile }]),
  ];
  return {
    name:
      typeof value["name"] === "string"
        ? value["name"]
        : `${vendorName} ${workflow.id}${profile === undefined ? "" : ` (${profile})`}`,
    vendor,
    workflow,
    request,
    ...(profile === undefined ? {} : { profile }),
    options: clientOptions,
    target,
    ...(decompress === undefined ? {} : { decompress }),
    ...(parts === undefined ? {} : { parts }),
    fingerprint: createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32),
  };
}

function readProfile(value: unknown, common: string | undefined, io: Io): string | undefined {
  if (value === undefined) return common;
  if (typeof value !== "string") throw new UsageError(`"profile" must be a name`);
  return chosenProfile(value, io);
}

function checkKeys(value: Record<string, unknown>): void {
  const lines = Object.keys(value)
    .filter((key) => !KEYS.includes(key))
    .map((key) => `there is no key "${key}"${didYouMeanOneOf(key, KEYS)}`);
  if (lines.length) throw new UsageError(...lines);
}

function workflowOf({ vendor, workflows }: Manifest, name: unknown): ManifestWorkflow {
  const workflow = workflows.find(({ id }) => id === name);
  if (workflow) return workflow;
  const ids = workflows.map(({ id }) => id);
  throw new UsageError(
    name === undefined
      ? `"workflow" is missing: ${ids.join(", ")}`
      : `${vendor} has no export "${name}"${didYouMeanOneOf(String(name), ids)}`,
  );
}

/** Reads options of a client. Credentials are refused, because an exports file is shared. */
function readOptions({ options: documented }: Manifest, options: unknown): Record<string, string> {
  if (!isObject(options)) throw new UsageError(`"options" must be an object`);
  const names = [...documented.map(({ option }) => option), "baseUrl"];
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

function createCheck(manifest: Manifest, { id, operation: name, constants }: ManifestWorkflow): RequestCheck {
  const operation = manifest.operations.find((one) => one.id === name);
  if (!operation) throw new UsageError(`@outhaul/${manifest.vendor} does not describe ${id} whole`);
  const fields = requestFields(manifest, operation, constants);
  const flags = fields.map((field) => ({ flag: field.path.join("."), field }));
  const check = createRequestCheck(manifest, operation, flags);
  // The file has fields where a command has flags.
  return (request) => check(request).map((line) => line.replace(/--([\w.-]+)/g, '"$1"'));
}
