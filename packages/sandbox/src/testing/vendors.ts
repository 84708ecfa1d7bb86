import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { createSandbox, type Sandbox, type SandboxOptions, type VendorSpec } from "../index.js";

const specs = new URL("../../../../specs/", import.meta.url);

/** The specs of the repository, read from their YAML files. */
export const yamlSpecs: Readonly<Record<string, VendorSpec>> = Object.fromEntries(
  readdirSync(specs).flatMap((vendor) => {
    if (!existsSync(new URL(`${vendor}/openapi.yaml`, specs))) return [];
    const read = (file: string): unknown => parse(readFileSync(new URL(`${vendor}/${file}`, specs), "utf8"));
    return [[vendor, { vendor, openapi: read("openapi.yaml"), arazzo: read("exports.arazzo.yaml") }]];
  }),
);

/** The headers with valid credentials, by vendor. */
export const signIn: Readonly<Record<string, Record<string, string>>> = {
  ocamba: { authorization: "Bearer sandbox-token" },
  ongage: {
    x_username: "sandbox-username",
    x_password: "sandbox-password",
    x_account_code: "sandbox-account-code",
  },
  carma: { "x-carma-authentication-token": "sandbox-token" },
  connhex: { authorization: "Bearer sandbox-token" },
};

/** A request of a test. */
export interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  /** Send no credentials. */
  readonly anonymous?: boolean;
}

/** Creates a sandbox with a clock that stands still, and functions that call its vendors. */
export function testSandbox(options: SandboxOptions = {}) {
  let time = Date.parse("2026-11-22T08:00:00Z");
  const sandbox: Sandbox = createSandbox({
    specs: yamlSpecs,
    now: () => time,
    delay: async (ms) => {
      time += ms;
    },
    ...options,
  });
  const call = (vendor: string, path: string, request: Call = {}): Promise<Response> =>
    sandbox.vendor(vendor).handler(requestOf(`http://vendor.test${path}`, vendor, request));
  return {
    sandbox,
    call,
    /** Calls a vendor and parses the JSON of the reply. */
    async json(vendor: string, path: string, request: Call = {}) {
      const response = await call(vendor, path, request);
      return { status: response.status, body: JSON.parse(await response.text()) };
    },
    pass(ms: number) {
      time += ms;
    },
    now: () => time,
  };
}

/** Creates the request of a call. */
export function requestOf(url: string, vendor: string, { method, headers, body, anonymous }: Call): Request {
  return new Request(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(!anonymous && signIn[vendor]),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}
