import type { Mistake, Mistakes } from "./mistake.js";

const FILE = "'200': { description: The file., content: { text/csv: { schema: {} } } }";

/** The download step, to its end. */
const DOWNLOAD = /(operationId: downloadExport\n(?: {8}.*\n)*)/;

/** The parameters of the download. */
const PARAMETERS = /(operationId: downloadExport[\s\S]*?- \{ name: id, in: path.*\n)/;

/** Mistakes in how requests are written, and in how the file is asked for. */
export const bodyMistakes: Mistakes = {
  "file-compressed": [
    {
      file: "openapi",
      from: FILE,
      to: "'200': { description: The file., content: { text/csv: { schema: {}, x-compressed-media-type: text/plain } } }",
      at: "'200': { description: The file.",
      message: "text/csv is no gzip file, and nothing else is unpacked",
    },
    {
      file: "arazzo",
      from: /(operationId: downloadExport\n(?: {8}.*\n)*)/,
      to: "$1        outputs: { compression: $response.header.x-compression }\n",
      at: "outputs: { compression",
      message:
        "downloadExport sends the file itself, and the output compression is about a file at an address",
    },
    {
      file: "arazzo",
      from: /(operationId: downloadExport\n(?: {8}.*\n)*)/,
      to: "$1        x-compressed-media-type: text/csv\n",
      at: "x-compressed-media-type",
      message:
        "downloadExport sends the file itself, and x-compressed-media-type of a step is about a file at an address",
    },
  ],
  "request-body": [
    {
      file: "openapi",
      from: "          application/json:\n            schema:\n              type: object\n              additionalProperties: false",
      to: "          multipart/form-data:\n            schema:\n              type: object\n              additionalProperties: false",
      at: "multipart/form-data",
      message: "startOrderExport takes multipart/form-data, which the client cannot write",
    },
    {
      file: "openapi",
      from: /application\/json:(\n {12}schema:\n {14}type: object\n {14}additionalProperties: false[\s\S]*?)columns: \{.*?\} \}/,
      to: "application/x-www-form-urlencoded:$1columns: { type: object }",
      at: "application/x-www-form-urlencoded",
      message: "the form field columns of startOrderExport is an object",
    },
    {
      file: "arazzo",
      from: "contentType: application/json",
      to: "contentType: application/x-www-form-urlencoded",
      at: "contentType: application/x-www-form-urlencoded",
      message: "startOrderExport is sent as application/json, not as application/x-www-form-urlencoded",
    },
    {
      vendor: "globex",
      file: "openapi",
      from: "      summary: Delete the report\n",
      to: "      summary: Delete the report\n      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [why], properties: { why: { type: string } } } } } }\n",
      in: "arazzo",
      at: "x-cancel:",
      message: "deleteReport needs a body",
    },
    {
      file: "arazzo",
      from: "        operationId: listExports\n",
      to: "        operationId: listExports\n        requestBody: { payload: { id: 1 } }\n",
      at: "requestBody: { payload: { id: 1 } }",
      message: "listExports takes no body",
    },
  ],
  "parameter-style": [
    {
      file: "openapi",
      from: "{ name: dry-run, in: query, schema: { type: boolean } }",
      to: "{ name: dry-run, in: query, explode: false, schema: { type: array, items: { type: string } } }",
      at: "name: dry-run",
      message: "dry-run is a list in one value",
    },
    {
      file: "openapi",
      from: "{ name: dry-run, in: query, schema: { type: boolean } }",
      to: "{ name: dry-run, in: query, style: deepObject, schema: { type: object } }",
      at: "name: dry-run",
      message: "dry-run has the style deepObject",
    },
  ],
  "file-request": [
    {
      file: "openapi",
      from: "    get:\n      operationId: downloadExport",
      to: "    post:\n      operationId: downloadExport",
      in: "arazzo",
      at: "operationId: downloadExport",
      message: "downloadExport is a POST, and its reply is the file",
    },
  ],
  "file-list": [
    {
      file: "openapi",
      from: FILE,
      to: "'200': { description: The addresses., content: { application/json: { schema: { type: object, properties: { urls: { type: array, items: { type: string } } } }, examples: { two: { value: { urls: [a, b] } } } } } }",
      and: {
        file: "arazzo",
        from: /(operationId: downloadExport[\s\S]*?- condition: \$statusCode == 200\n)/,
        to: "$1        outputs: { fileUrl: $response.body#/urls/0 }\n",
      },
      in: "arazzo",
      at: "fileUrl:",
      message: "$response.body#/urls/0 is one of a list of files, and the others would be missing",
    },
  ],
  "file-pages": [
    {
      file: "openapi",
      from: FILE,
      to: "'200': { description: The file., headers: { Sforce-Locator: { schema: { type: string } } }, content: { text/csv: { schema: {} } } }",
      in: "arazzo",
      at: "operationId: downloadExport",
      message:
        "the header sforce-locator of downloadExport says that the file comes in pages, and only the first would be saved",
    },
    {
      file: "openapi",
      from: PARAMETERS,
      to: "$1        - { name: partition, in: query, schema: { type: integer } }\n",
      in: "arazzo",
      at: "operationId: downloadExport",
      message:
        "the parameter partition of downloadExport asks for one part of the file, and the others would be missing",
    },
    {
      file: "openapi",
      from: FILE,
      to: "'200': { description: The addresses., content: { application/json: { schema: { type: object, properties: { links: { type: array, items: { type: object, properties: { external_link: { type: string }, next_chunk_index: { type: integer } } } } } }, examples: { one: { value: { links: [{ external_link: a, next_chunk_index: 1 }] } } } } } }",
      and: {
        file: "arazzo",
        from: DOWNLOAD,
        to: "$1        outputs: { fileUrls: $response.body#/links }\n        x-file-url: /external_link\n",
      },
      in: "arazzo",
      at: "outputs: { fileUrls",
      message:
        "the field next_chunk_index of downloadExport says that the list of files comes in pages, and only the first would be fetched",
    },
  ],
  "file-parts": [
    {
      file: "openapi",
      from: FILE,
      to: "'200': { description: The addresses., content: { application/json: { schema: { type: object, properties: { urls: { type: array, items: { type: object, properties: { href: { type: string } } } } } }, examples: { two: { value: { urls: [{ href: a }] } } } } } }",
      and: { file: "arazzo", from: DOWNLOAD, to: "$1        outputs: { fileUrls: $response.body#/urls }\n" },
      in: "arazzo",
      at: "outputs: { fileUrls",
      message: "$response.body#/urls: the items of the list are no addresses",
    },
    {
      file: "openapi",
      from: FILE,
      to: "'200': { description: The addresses., content: { application/json: { schema: { type: object, properties: { urls: { type: array, items: { type: object, properties: { href: { type: string } } } } } }, examples: { two: { value: { urls: [{ href: a }] } } } } } }",
      and: {
        file: "arazzo",
        from: DOWNLOAD,
        to: "$1        outputs: { fileUrls: $response.body#/urls }\n        x-file-url: /url\n",
      },
      in: "arazzo",
      at: "outputs: { fileUrls",
      message: "$response.body#/urls: the items of the list have no address at /url",
    },
    {
      file: "openapi",
      from: FILE,
      to: "'200': { description: The addresses., content: { application/json: { schema: { type: object, properties: { urls: { type: array, items: { type: string } } } }, examples: { two: { value: { urls: [a] } } } } } }",
      and: {
        file: "arazzo",
        from: DOWNLOAD,
        to: "$1        outputs: { fileUrls: $response.body#/urls, fileUrl: $response.body#/one }\n",
      },
      in: "arazzo",
      at: "outputs: { fileUrls",
      message: "the step has the outputs fileUrl and fileUrls",
    },
    {
      file: "arazzo",
      from: DOWNLOAD,
      to: "$1        x-file-url: /url\n",
      at: "x-file-url",
      message: "x-file-url says where in an item of fileUrls the address is, and there is no output fileUrls",
    },
    {
      file: "arazzo",
      from: /(stepId: poll\n)/,
      to: "$1        x-next-page: { name: page, in: query, value: $response.header.Next }\n",
      at: "x-next-page",
      message: "x-next-page of poll is about a file, and poll is no download step",
    },
    {
      file: "arazzo",
      from: DOWNLOAD,
      to: "$1        x-next-page: { name: page, in: query, value: $response.header.Next }\n",
      at: "x-next-page",
      message: "downloadExport has no parameter page in: query",
    },
    {
      file: "openapi",
      from: PARAMETERS,
      to: "$1        - { name: page, in: query, required: true, schema: { type: string } }\n",
      and: {
        file: "arazzo",
        from: DOWNLOAD,
        to: "$1        x-next-page: { name: page, in: query, value: $response.header.Next }\n",
      },
      in: "arazzo",
      at: "x-next-page",
      message: "page is required, and the first page has none",
    },
    {
      file: "openapi",
      from: PARAMETERS,
      to: "$1        - { name: page, in: query, schema: { type: string } }\n",
      and: {
        file: "arazzo",
        from: DOWNLOAD,
        to: "$1        x-next-page: { name: page, in: query, value: $response.header.Next }\n",
      },
      in: "arazzo",
      at: "x-next-page",
      message: "downloadExport documents no header Next",
    },
    {
      file: "openapi",
      from: PARAMETERS,
      to: "$1        - { name: page, in: query, schema: { type: string } }\n",
      and: {
        file: "arazzo",
        from: DOWNLOAD,
        to: "$1        x-next-page: { name: page, in: query, value: $response.body#/next }\n",
      },
      in: "arazzo",
      at: "x-next-page",
      message:
        "$response.body#/next stands in the body, and the file that downloadExport sends may be no JSON",
    },
    {
      file: "arazzo",
      from: /(stepId: poll\n)/,
      to: "$1        x-part-number: { name: page, in: query, count: $steps.poll.outputs.pages }\n",
      at: "x-part-number",
      message: "x-part-number of poll is about a file, and poll is no download step",
    },
    {
      file: "arazzo",
      from: DOWNLOAD,
      to: "$1        x-part-number: { name: page, in: query, count: $steps.poll.outputs.pages }\n",
      at: "x-part-number",
      message: "downloadExport has no parameter page in: query",
    },
    partNumberMistake("partition is no integer", { type: "string" }),
    partNumberMistake("the step does not say which number the first part has in partition", {
      first: "$inputs.name",
    }),
    partNumberMistake("the step has x-next-page and x-part-number", {
      also: "        x-next-page: { name: partition, in: query, value: $response.header.Next }\n",
    }),
    partNumberMistake("$steps.poll.outputs.parts is no output of the poll"),
    partNumberMistake("$response.body#/items/0/reason is neither a whole number nor a list", {
      count: "$steps.poll.outputs.failureReason",
    }),
  ],
};

/** Says that the parts are asked for by the parameter `partition`, declared and sent as given. */
function partNumberMistake(
  message: string,
  { type = "integer", first = "0", count = "$steps.poll.outputs.parts", also = "" } = {},
): Mistake {
  return {
    file: "openapi",
    from: PARAMETERS,
    to: `$1        - { name: partition, in: query, schema: { type: ${type} } }\n`,
    and: {
      file: "arazzo",
      from: /(operationId: downloadExport\n {8}parameters:\n(?: {10}.*\n)*)((?: {8}.*\n)*)/,
      to: `$1          - { name: partition, in: query, value: ${first} }\n$2${also}        x-part-number: { name: partition, in: query, count: ${count} }\n`,
    },
    in: "arazzo",
    at: "x-part-number",
    message,
  };
}
