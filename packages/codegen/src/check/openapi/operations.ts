import { follow, isGzipType, type LocatedParameter, type Operation, type Reply } from "@outhaul/spec";
import { isCamelCase } from "../../text/names.js";
import type { OpenApiContext } from "../context/context.js";

const errorCodes = ["401", "429", "500"];

/** Checks that each operation has a name, documentation, and complete parameters and replies. */
export function checkOperations({ document, operations, report }: OpenApiContext): void {
  const seen = new Set<string>();
  for (const operation of operations) {
    const { id, at, summary, docs } = operation;
    const name = `${operation.method} ${operation.path}`;
    if (!isCamelCase(id)) {
      report(
        at,
        "operation-id",
        id ? `"${id}" is not camelCase` : `${name} has no operationId`,
        "name it like startExport",
      );
    } else if (seen.has(id)) {
      report(
        [...at, "operationId"],
        "operation-id",
        `"${id}" is the name of another operation too`,
        "give it a name of its own",
      );
    }
    seen.add(id);
    if (!summary)
      report(
        at,
        "operation-summary",
        `${name} has no summary`,
        "say in a few words what it does; it becomes documentation",
      );
    if (docs.length === 0) {
      report(
        at,
        "docs-missing",
        `${name} has no x-docs`,
        "x-docs: [{ url: https://…, read: 2026-11-22 }] names the vendor's page",
      );
    }
    checkParameters(operation, report);
    for (const parameter of operation.parameters) checkStyle(parameter, report, document);
    checkSecurity(operation, document, report);
    checkReplies(operation, report);
    checkCompressed(operation, report);
  }
}

/** Checks that only a gzip file is said to have something inside: nothing else is unpacked. */
function checkCompressed({ bodies, replies }: Operation, report: OpenApiContext["report"]): void {
  for (const { contentType, inside, at } of [...bodies, ...replies.flatMap((reply) => reply.bodies)])
    if (inside !== undefined && !isGzipType(contentType))
      report(
        [...at, "x-compressed-media-type"],
        "file-compressed",
        `${contentType} is no gzip file, and nothing else is unpacked`,
        "application/gzip: { example: bytes, x-compressed-media-type: text/csv }",
      );
}

/** Checks that a parameter is written as the client writes it. */
function checkStyle(
  parameter: LocatedParameter,
  report: OpenApiContext["report"],
  document: OpenApiContext["document"],
): void {
  const { name = "", in: location, style, explode, schema, at } = parameter;
  const wanted = location === "query" ? "form" : "simple";
  const { type, properties } = schema ? follow(document, schema, []).value : {};
  const types = [type ?? []].flat();
  const reportStyle = (message: string): void =>
    report(
      at,
      "parameter-style",
      message,
      "a plain value, or in a query a list that is repeated, is what the client writes",
    );
  if (style !== undefined && style !== wanted) reportStyle(`${name} has the style ${style}`);
  else if (types.includes("object") || properties) reportStyle(`${name} is an object`);
  else if (types.includes("array") && (location !== "query" || explode === false))
    reportStyle(`${name} is a list in one value`);
}

function checkParameters({ parameters, path }: Operation, report: OpenApiContext["report"]): void {
  const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
  for (const parameter of parameters) {
    const { name, at } = parameter;
    if (!name || !["path", "query", "header"].includes(parameter.in ?? "")) {
      const what = name ? `the parameter ${name}` : "a parameter without a name";
      report(
        at,
        "parameter-place",
        `${what} ${parameter.in ? `is in: ${parameter.in}` : "does not say where it goes"}`,
        "in: path, query or header",
      );
    } else if (parameter.in === "path" && !inPath.includes(name)) {
      report(at, "path-parameter", `the path ${path} has no {${name}}`, "correct the name, or the path");
    } else if (parameter.in === "path" && !parameter.required) {
      report(at, "path-parameter", `the path parameter ${name} is not required`, "add required: true");
    }
  }
  for (const name of inPath) {
    const isThere = parameters.some((parameter) => parameter.in === "path" && parameter.name === name);
    const [first] = parameters;
    if (!isThere)
      report(
        first?.at ?? ["paths", path],
        "path-parameter",
        `{${name}} of ${path} is not among the parameters`,
        "declare it with in: path",
      );
  }
}

/** Checks that an operation takes the credentials that the client sends. */
function checkSecurity(
  { id, security, at }: Operation,
  document: OpenApiContext["document"],
  report: OpenApiContext["report"],
): void {
  const known = (document.security ?? []).map((alternative) => Object.keys(alternative).sort().join());
  if (security.every((alternative) => known.includes([...alternative].sort().join()))) return;
  report(
    [...at, "security"],
    "security-missing",
    `${id} takes other credentials than the rest`,
    "the client sends the same ones with every request: the root's alternatives, or security: []",
  );
}

function checkReplies({ replies, at, method, path }: Operation, report: OpenApiContext["report"]): void {
  const where = [...at, "responses"];
  const codes = replies.map(({ status }) => status);
  for (const reply of replies) checkReply(reply, report);
  const missing = errorCodes.filter((code) => !codes.includes(code));
  if (missing.length > 0) {
    report(
      where,
      "reply-missing",
      `${method} ${path} does not document ${missing.join(", ")}`,
      "every vendor can answer so; refer to a shared response",
    );
  }
  if (!codes.some((code) => /^[23]\d\d$/.test(code))) {
    report(where, "reply-missing", `${method} ${path} documents no success`, "document its 2xx reply");
  }
}

function checkReply({ status, bodies, at }: Reply, report: OpenApiContext["report"]): void {
  if (!/^[1-5]\d\d$/.test(status)) {
    report(
      at,
      "reply-code",
      `${status} is no exact code`,
      "Redocly Respect does not know ranges: write each code",
    );
  }
  for (const body of bodies) {
    if (body.isJson && body.examples.length === 0) {
      report(
        body.at,
        "example-missing",
        `the ${status} reply has no examples`,
        "examples: { name: { value: … } }; the sandbox answers with them",
      );
    }
  }
}
