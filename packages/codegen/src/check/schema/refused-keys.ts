import leven from "leven";

/** Why a key of the standards is refused, and what to do in its place. */
const REFUSED: Readonly<Record<string, string>> = {
  // OpenAPI 3.1
  webhooks: "a client cannot be called by the vendor; a job is polled",
  callbacks: "a client cannot be called by the vendor; a job is polled",
  links: "the steps of exports.arazzo.yaml say what follows what",
  pathItems: "write the path item under its path",
  jsonSchemaDialect: "schemas are those of OpenAPI 3.1",
  trace: "the client cannot send TRACE",
  externalValue: "write the example as value: the sandbox answers with it",
  allowEmptyValue: "an empty value is never sent",
  allowReserved: "reserved characters are always encoded",
  contentType: "the client writes the parts of a form as texts",
  headers: "the client sends no multipart body",
  implicit:
    "use clientCredentials, or authorizationCode with a refreshUrl: no person signs in while an export runs",
  password:
    "use clientCredentials, or authorizationCode with a refreshUrl: no person signs in while an export runs",
  refreshUrl: "with clientCredentials the client asks at the tokenUrl again",
  openIdConnectUrl: "use a bearer scheme: the client's option takes a function that fetches tokens",
  // Arazzo 1.0.1
  dependsOn: "the steps are start, poll, download, in this order",
  successActions: "the poll's successCriteria end the polling",
  failureActions: "the poll's onFailure has the actions",
  onSuccess: "the poll's successCriteria end the polling",
  operationPath:
    "name the operation by operationId; a link that the start's reply brings is polled by x-operation: { method: get, url: $steps.start.outputs.fileUrl }",
  workflowId: "a step calls an operation of openapi.yaml",
  reference: "write the value where it is used",
  replacements: "write the payload with its expressions",
  parameters: "parameters of components are not shared: write them where they are used",
};

/** What to do about a key that the profile does not have, in the object at a path. */
export function hintForKey(path: readonly string[], key: string, known: readonly string[]): string {
  const place = placeHint(path, key);
  if (place) return place;
  const near = known.find((name) => leven(key.toLowerCase(), name.toLowerCase()) <= 2);
  if (near) return `is it ${near}?`;
  return REFUSED[key] ?? `known here: ${known.join(", ")}`;
}

/** Some keys are refused in some places only. */
function placeHint(path: readonly string[], key: string): string | undefined {
  const [first] = path;
  if (first === "paths" && key === "servers")
    return "all operations are at the root's servers; the address of a file on another host is the output fileUrl of the last step";
  if (first === "paths" && path.length === 2 && key === "$ref") return "write the path item here";
  if (key === "content" && path.includes("parameters"))
    return "a parameter is a plain value: give it a schema";
  return undefined;
}
