import robotsParserModule from "robots-parser";
import type { Fault } from "../page/fault.js";

/** The rules of a site's robots.txt for this program. */
export interface Robots {
  isAllowed(url: string): boolean;
  /** The time between two requests, in milliseconds. */
  readonly delayMs: number;
}

/** Its types describe an ES module, and it is a CommonJS one: the default import is the function itself. */
const robotsParser = robotsParserModule as unknown as typeof robotsParserModule.default;

const DELAY_MS = 1000;

/**
 * Reads a site's robots.txt as RFC 9309 §2.3.1 says: a missing one (4xx) allows everything, an unreachable one (5xx, no answer) allows nothing.
 * @param name the program's name in the rules
 */
export async function readRobots(
  origin: string,
  name: string,
  get: (url: string) => Promise<Response>,
): Promise<Robots | Fault> {
  const url = `${origin}/robots.txt`;
  let response: Response;
  try {
    response = await get(url);
  } catch (error) {
    return { fault: "unreachable", why: `cannot be reached: ${reasonOf(error)}` };
  }
  if (response.status >= 500 || response.status === 429)
    return { fault: "server-error", why: `is on a site whose robots.txt answers ${response.status}` };
  const text = response.ok ? (await response.text()).slice(0, 512_000) : "";
  const rules = robotsParser(url, /^\s*</.test(text) ? "" : text); // some sites answer with their start page
  return {
    isAllowed: (page) => rules.isAllowed(page, name) !== false,
    delayMs: Math.max(DELAY_MS, (rules.getCrawlDelay(name) ?? 0) * 1000),
  };
}

/** Describes why a request got no reply. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "it took too long";
  const { cause } = error;
  if (cause instanceof Error)
    return "code" in cause
      ? `${cause.message || cause.name} (${cause.code})`.replace(/^(\S+) \(\1\)$/, "$1")
      : cause.message;
  return error.message;
}
