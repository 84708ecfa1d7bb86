import { checksum } from "../client/checksum.js";
import { fromBase64, toBase64Url } from "../encoding/base64.js";
import type { JobReference } from "../workflow/workflow.js";
import { ResumeTokenError } from "./errors.js";

/** What a resume token holds: names and times, no secret that can be read. */
export interface ResumeState {
  readonly vendor: string;
  readonly workflow: string;
  /** A hash of what distinguishes the vendor's accounts. */
  readonly account: string;
  readonly job: JobReference;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

const VERSION = "v1";
/** The last moment that a Date can stand for. */
const MAX_DATE = 8.64e15;

/** The state as one word of URL-safe characters, with a checksum. */
export function encodeToken({ vendor, workflow, account, job, createdAt }: ResumeState): string {
  const text = JSON.stringify([vendor, workflow, account, createdAt, job]);
  const payload = `${VERSION}.${toBase64Url(text)}`;
  return `${payload}.${checksum(payload)}`;
}

/** What a token says of its job. */
export interface TokenContent {
  /** The vendor, as its package is called: `ongage`. */
  readonly vendor: string;
  readonly workflow: string;
  /** The vendor's id of the job. */
  readonly id: string;
  /** When the job was created. */
  readonly createdAt: Date;
}

/**
 * Reads what job a token is for, so that a program with several vendors knows which client can resume it.
 * @throws {@link ResumeTokenError} when it is not one of ours, or was altered
 */
export function readToken(token: string): TokenContent {
  const { vendor, workflow, job, createdAt } = parseToken(token, (why) => {
    throw new ResumeTokenError(`cannot read the resume token: ${why}`);
  });
  return { vendor, workflow, id: job.id ?? "", createdAt: new Date(createdAt) };
}

/**
 * The state that a token holds.
 * @throws {@link ResumeTokenError} when it is not one of ours, was altered, or is for another vendor or account
 */
export function decodeToken(token: string, vendor: string, account: string): ResumeState {
  const fail = (why: string): never => {
    throw new ResumeTokenError(`${vendor}: cannot resume: ${why}`, { vendor });
  };
  const state = parseToken(token, fail);
  if (state.vendor !== vendor) return fail("the token is of another vendor's job");
  if (state.account !== account)
    return fail("the token is of another account's job; make the client with the options of that account");
  return state;
}

function parseToken(token: string, fail: (why: string) => never): ResumeState {
  const [, version, payload = "", sum] = /^(v\d+)\.([\w-]+)\.(\w+)$/.exec(String(token).trim()) ?? [];
  if (!version) return fail("this is not a resume token; pass job.token, whole");
  if (version !== VERSION)
    return fail(
      `the token is of version ${version}, this package reads ${VERSION}; use the version that made it`,
    );
  const isWhole = checksum(`${version}.${payload}`) === sum;
  return (isWhole && readState(payload)) || fail("the token was altered or cut; pass job.token, whole");
}

/** The state in a payload; `undefined` if it is none. The checksum is no signature: anybody can make one. */
function readState(payload: string): ResumeState | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(new TextDecoder().decode(fromBase64(payload)));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [vendor, workflow, account, createdAt, job]: unknown[] = parts;
  const isWhole =
    [vendor, workflow, account].every((part) => typeof part === "string") &&
    typeof createdAt === "number" &&
    Math.abs(createdAt) <= MAX_DATE &&
    typeof job === "object" &&
    job !== null &&
    Object.values(job).every((value) => typeof value === "string");
  return isWhole ? ({ vendor, workflow, account, createdAt, job } as ResumeState) : undefined; // each part is checked above
}
