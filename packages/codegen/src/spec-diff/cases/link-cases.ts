import { type Case, globex, type Yaml } from "./case.js";

/** The cases of polls at a link of the start's reply. */
export const linkCases: readonly Case[] = [
  {
    what: "a poll that asks at a link",
    vendor: globex,
    bump: "major",
    says: "`exportReport`: is asked for at a link of the start's reply: `snapshot.raw` is a text, and resume tokens made before lack the link",
    given: addLinks,
    edit: (_, a) => pollAtLink(a.workflows[0], "/url"),
  },
  {
    what: "a poll that does not ask at a link any more",
    vendor: globex,
    bump: "major",
    says: "`exportLinked`: is asked for by `fetchReport`, and not at a link any more",
    given: addLinked,
    edit: (_, a) => {
      const [{ parameters, steps }, linked] = a.workflows;
      Object.assign(linked, { parameters, steps });
    },
    uses: 'const text: string | undefined = (await client.exportLinked({ title: "Sales" })).snapshot.raw; void text;',
  },
  {
    what: "a link that stands elsewhere",
    vendor: globex,
    bump: "patch",
    atRunTime: true,
    says: "`exportLinked`: the link to the file is read elsewhere",
    given: addLinked,
    edit: (_, a) => pollAtLink(a.workflows[1], "/link"),
  },
  {
    what: "a gzip file at a link",
    vendor: globex,
    bump: "minor",
    atRunTime: true,
    says: "`exportLinked`: the file may be gzip",
    given: addLinked,
    edit: (_, a) => {
      a.workflows[1].steps[1]["x-compressed-media-type"] = "text/csv";
    },
  },
];

/** The reply to the start has two links. */
function addLinks(openapi: Yaml): void {
  const { schema, examples } = openapi.paths["/reports"].post.responses["201"].content["application/json"];
  for (const name of ["url", "link"]) {
    schema.properties[name] = { type: "string" };
    examples.made.value[name] = `https://files.globex.example/${name}`;
  }
}

/** A second export, which is asked for at a link. */
function addLinked(openapi: Yaml, arazzo: Yaml): void {
  addLinks(openapi);
  const linked = { ...structuredClone(arazzo.workflows[0]), workflowId: "exportLinked" };
  pollAtLink(linked, "/url");
  arazzo.workflows.push(linked);
}

/** Lets an export be asked for at the link that stands there in the reply to its start. */
function pollAtLink(workflow: Yaml, pointer: string): void {
  const [start] = workflow.steps;
  start.parameters ??= workflow.parameters;
  delete workflow.parameters;
  start.outputs.fileUrl = `$response.body#${pointer}`;
  workflow.steps = [
    start,
    {
      stepId: "poll",
      "x-operation": { method: "get", url: "$steps.start.outputs.fileUrl" },
      successCriteria: [{ condition: "$statusCode == 200" }],
      onFailure: [
        { name: "running", type: "retry", retryAfter: 1, criteria: [{ condition: "$statusCode == 404" }] },
      ],
    },
  ];
}
