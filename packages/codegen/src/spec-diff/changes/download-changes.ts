import { isGzipType } from "@outhaul/spec";
import type { WorkflowPlan } from "../../plan/workflow-plan.js";
import { type AddChange, code } from "./change.js";
import { asText } from "./plan-text.js";

/** Finds the changes of the file of an export: where it comes from, how it is packed, and of which parts it is made. */
export function downloadChanges(before: WorkflowPlan, after: WorkflowPlan, add: AddChange): void {
  if (asText(downloadOf(before)) !== asText(downloadOf(after)))
    add("patch", "the file is fetched in another way", true);
  const [old, now] = [before, after].map(({ download }) => download?.trustedOrigin);
  if (old !== now)
    add(
      "minor",
      now
        ? `the credentials go to ${code(now)}, too, if the file is there`
        : "no second host gets the credentials any more",
      true,
    );
  gzipChanges(before, after, add);
  partsChanges(before, after, add);
}

function downloadOf({ download }: WorkflowPlan): unknown {
  return download && [download.operation.id, download.request, download.fileUrl, download.compression];
}

/** Finds files that became gzip, or are no more: they get other names, and are unpacked with `decompress: true`. */
function gzipChanges(before: WorkflowPlan, after: WorkflowPlan, add: AddChange): void {
  const [old, now] = [gzipOf(before), gzipOf(after)];
  if (old === now) return;
  if (!old)
    add("minor", `the file may be gzip: it is called so, and ${code("decompress: true")} unpacks it`, true);
  else if (!now) add("minor", "the file is not gzip any more", true);
  else add("patch", "something else is inside the gzip file", true);
}

/** What is said of gzip files; `""` where the file is none. */
function gzipOf({ poll, download }: WorkflowPlan): string {
  const files = download?.file ?? poll.file ?? [];
  const inside = files
    .filter(({ contentType }) => isGzipType(contentType))
    .map((file) => [file.contentType, file.inside ?? ""]);
  const atAddress = download?.inside ?? poll.link?.inside;
  return atAddress === undefined ? inside.join() : `at an address: ${atAddress}`;
}

/** Finds files that come in parts from now on, or no more: they may be saved as a folder, and cannot always be joined. */
function partsChanges(before: WorkflowPlan, after: WorkflowPlan, add: AddChange): void {
  const [old, now] = [partsOf(before), partsOf(after)];
  if (old !== now && now)
    add(
      old ? "patch" : "minor",
      `the file comes ${now}: they are joined where that is possible, and ${code('parts: "apart"')} keeps each`,
      true,
    );
  else if (old && !now) add("minor", "the file comes whole, and in parts no more", true);
  else if (partsText(before) !== partsText(after))
    add("patch", "the parts of the file are found in another way", true);
}

/** How the parts of a file are told of; undefined where it comes whole. */
function partsOf({ download }: WorkflowPlan): string | undefined {
  if (download?.files) return "as a list of files";
  if (download?.nextPage) return "in pages";
  return download?.partNumber && "in parts by number";
}

function partsText({ download }: WorkflowPlan): string {
  return asText([download?.files, download?.nextPage, download?.partNumber]);
}
