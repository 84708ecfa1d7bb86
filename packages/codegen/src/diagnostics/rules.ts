/** The rules of a spec, each with the sentence that `generate --rules` prints. */
export const rules = {
  // files
  "file-missing": "A vendor's folder holds openapi.yaml and exports.arazzo.yaml.",
  "vendor-name": "A vendor's folder is named in lower case: letters, digits and single dashes.",
  "yaml-syntax": "Both files are valid YAML, and no key stands twice in one mapping.",
  "openapi-shape": "openapi.yaml has the shape of an OpenAPI 3.1 document.",
  "arazzo-shape":
    "exports.arazzo.yaml has the shape of an Arazzo 1.0.1 document, as far as the profile goes.",
  // openapi.yaml
  "ref-unknown": "A $ref points into the same document, to something that is there.",
  "operation-id": "Every operation has an operationId of its own, in camelCase.",
  "operation-summary": "Every operation has a summary.",
  "docs-missing":
    "Every operation and workflow names the vendor's pages in x-docs, with the dates they were read.",
  "parameter-place": "Every parameter says its name and where it goes (in: path, query or header).",
  "parameter-style":
    "Parameters are plain values, or lists in a query that are repeated: OpenAPI's default style.",
  "path-parameter": "The path's {names} and the path parameters are the same, and required.",
  "reply-code": "Replies are documented by exact codes, not by ranges such as 4XX.",
  "reply-missing": "Every operation documents a 2xx reply and the errors 401, 429 and 500.",
  "reply-enum": "Words in a reply are x-extensible-enum, because an enum would promise that no other comes.",
  "binary-format": "A file is described by schema: {}, not by format: binary.",
  "example-missing":
    "Every JSON reply has named examples, and the poll has one for each state that the workflow knows.",
  "example-invalid": "Examples are valid for their schemas.",
  "security-scheme":
    "Security schemes are http (bearer or basic), apiKey in a header or in the query, or oauth2 with a flow that needs no person; with a description.",
  "security-missing": "The root's security lists alternatives of schemes that are declared.",
  "server-variable":
    "Server variables are described, are spelled in camelCase, and have a default or x-required.",
  "option-clash": "Credentials, server variables and the options of every client have different names.",
  "rate-limit":
    'x-ratelimit-policy, of the root or of an operation, is written like "burst";q=10;w=1, "steady";q=150;w=60, in whole numbers.',
  "error-expression": "x-errors has conditions and expressions of the profile.",
  "differs-place":
    "x-differs settles differences from the documents of x-openapi, each by its place, which begins with an operationId.",
  // exports.arazzo.yaml
  "source-description": "There is one source description: the openapi.yaml of the same folder.",
  "workflow-name": "A workflowId is camelCase, is there once, and is not a name that every client has.",
  "operation-unknown": "An operationId that a step or x-cancel names is in openapi.yaml.",
  "poll-missing": "A workflow has one step with a retry action: the poll.",
  "step-order":
    "The steps are start, where the vendor needs it a further step, poll and, where the poll's reply is not the file, download.",
  "further-step":
    "A step between start and poll is sent when an action of the poll, of the type goto, names it: in the state in which it is still to be done.",
  "one-step":
    "A workflow of one step is a GET whose reply is the file; its only action is empty, told by the status 204 or a 4xx that is no refusal for now, and nothing of its request is a secret.",
  "link-poll":
    "x-operation asks at a link that the start's reply brings: in a poll that is the last step, told by the status or the text of the reply alone, for accounts whose credentials stay the same.",
  "start-method": "The first step creates something: its operation is no GET, HEAD or DELETE.",
  "action-name":
    "Actions are named after states: retry queued, running or unknown; end empty, failed, cancelled or expired; goto queued.",
  "unknown-missing": "A poll that reads words ends with a retry named unknown, without criteria.",
  "status-unreachable": "No action stands behind others that already match all that it matches.",
  "word-unknown": "A word in a condition is one that the reply's schema knows.",
  "word-unhandled": "Every word that the schema of the status knows is matched by an action.",
  "condition-syntax": "Conditions keep to the profile's grammar, and regular expressions compile.",
  "expression-syntax": "Values are literals or expressions of the profile.",
  "pointer-unknown": "A pointer into a reply reaches something that the reply's schema has.",
  "output-example": "The example of the reply that succeeds holds every output of its step, if only as null.",
  "input-unknown": "An input that an expression names is declared in inputs.",
  "output-unknown": "An output that an expression names is one of an earlier step.",
  "parameter-unknown": "A parameter that a step sends is one of its operation.",
  "parameter-missing": "A step sends every required path, query and header parameter.",
  "request-body": "A request's body is JSON or a form, and a step sends the body that its operation takes.",
  "request-clash": "Path, query and body of the start operation have no field name in common.",
  "request-field": "What the start step sends is a field of the request under its own name, or a literal.",
  "reference-clash": "Inputs and outputs that later steps use have different names.",
  "credential-place":
    "A workflow's parameters carry the credentials of the security schemes, and nothing else.",
  "credential-in-job":
    "No step uses a credential as a value, because the job's reference is in resume tokens.",
  "create-safety": "The start says in x-create what to do when its reply is lost, and can do it.",
  "job-id-missing": "The start has an output id, or x-create names a unique field that stands in for it.",
  "file-request":
    "The file is asked for with a GET without a body, which can be sent again for the rest of it.",
  "file-list": "A file's address is one value, not one of a list of files: the list is the output fileUrls.",
  "file-pages":
    "A file comes whole, or x-next-page says how each of its pages names the next, or x-part-number how many parts there are.",
  "file-parts":
    "A list of files (fileUrls, x-file-url) is one of addresses, the next page (x-next-page) and each numbered part (x-part-number) can be asked for, and the poll says how many parts there are: all in a download step of their own.",
  "file-compressed":
    "What is inside a file (x-compressed-media-type) is said of gzip types only; of a step, and with the output compression, only beside fileUrl.",
  "trusted-origin":
    "x-trusted-origin is an https origin, and stands beside fileUrl on the step that yields the file's address.",
  "file-type":
    "The reply that brings the file documents its media types; a poll that is the file is no JSON then.",
  "inputs-example": "The first example of inputs is a complete request that the start operation takes.",
} as const satisfies Record<string, string>;

/** The name of a rule. */
export type Rule = keyof typeof rules;
