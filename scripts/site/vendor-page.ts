import { existsSync, readFileSync } from "node:fs";
import type { Arazzo, Manifest } from "@outhaul/spec";
import { parse } from "yaml";
import { statesOf } from "../../packages/codegen/src/emit/package/states-table.js";
import { fieldsTable } from "./fields-table.js";
import { readQuirks } from "./quirks.js";
import { stateDiagram } from "./state-diagram.js";

/** Writes the page of a vendor: the README of its package, with a drawing and the fields of each export, and what its tests hold. */
export function vendorPage(root: string, vendor: string): string {
  const readme = readFileSync(`${root}packages/${vendor}/README.md`, "utf8");
  const manifest: Manifest = JSON.parse(
    readFileSync(`${root}packages/${vendor}/src/generated/manifest.json`, "utf8"),
  );
  const arazzo: Arazzo = parse(readFileSync(`${root}specs/${vendor}/exports.arazzo.yaml`, "utf8"));
  let page = readme.replace(/^<!--.*-->\s*/, "").replace(/^# .*$/m, `# ${manifest.title}`);
  for (const workflow of manifest.workflows) {
    const found = arazzo.workflows.find(({ workflowId }) => workflowId === workflow.id);
    if (!found) throw new Error(`specs/${vendor}/exports.arazzo.yaml has no workflow ${workflow.id}`);
    const heading = `### \`${workflow.id}(request)\``;
    const start = page.indexOf(heading);
    if (start < 0) throw new Error(`packages/${vendor}/README.md has no heading ${heading}`);
    const length = page.slice(start + heading.length).search(/^##/m);
    const end = start + heading.length + length;
    const added = [
      stateDiagram(workflow.id, statesOf(found)),
      `#### Fields of \`${workflow.id}\``,
      fieldsTable(manifest, workflow),
    ].join("\n\n");
    page = `${page.slice(0, end)}${added}\n\n${page.slice(end)}`;
  }
  return `${page.trimEnd()}\n${quirksSection(root, vendor, manifest.title)}`;
}

function quirksSection(root: string, vendor: string, title: string): string {
  const file = `specs/${vendor}/quirks.test.ts`;
  if (!existsSync(root + file)) return "";
  const groups = readQuirks(readFileSync(root + file, "utf8"));
  return [
    "",
    `## What is special about ${title}`,
    "",
    `Each line is the title of a test in [${file}](../../${file}).`,
    "",
    ...groups.flatMap(({ subject, sentences }) => [
      ...(subject === undefined ? [] : [`- ${plain(subject)}`]),
      ...sentences.map((sentence) => `${subject === undefined ? "" : "  "}- ${plain(sentence)}`),
    ]),
    "",
  ].join("\n");
}

/** A title as Markdown that has no mark of its own. */
function plain(text: string): string {
  return text.replace(/[<>{}*_[\]]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
