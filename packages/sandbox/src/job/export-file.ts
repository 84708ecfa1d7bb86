import { csvFile } from "../file/csv.js";
import { jsonFile } from "../file/json.js";
import { pdfFile } from "../file/pdf.js";
import { seededRandom, seedOf } from "../file/random.js";
import type { ByteSource } from "../file/row-file.js";
import type { Column } from "../file/rows.js";
import { xlsxFile } from "../file/xlsx.js";
import { zipFile, zipOverhead } from "../file/zip.js";
import { readPointer } from "../spec/json-pointer.js";
import { asObject, asText, isObject } from "../spec/narrow.js";
import type { Content } from "../spec/open-api.js";
import { MEDIA_TYPES } from "./example-values.js";
import type { Job } from "./job.js";
import type { FileFormat } from "./options.js";

/** The file of a job: the same bytes each time they are asked for. */
export interface ExportFile extends ByteSource {
  readonly format: FileFormat;
  readonly mediaType: string;
  readonly fileName: string;
  /** A strong entity tag. */
  readonly etag: string;
  /** The bytes as a stream. */
  stream(): ReadableStream<Uint8Array>;
}

/** The file of a job. `documented` are the contents that the vendor's spec names for it. */
export function exportFile(job: Job, documented: readonly Content[], seed: number): ExportFile {
  const format = formatOf(job, documented);
  const columns = columnsOf(job, documented);
  const size = {
    sizeBytes: job.options.sizeBytes ?? 65_536,
    seed: seedOf(`${seed} ${job.number} ${job.id} ${job.revision}`),
  };
  const asked = findText(job.request, /^file_?name$/i);
  const name = (asked ?? `export-${job.id}`).replace(/[^\w.-]+/g, "-");
  let made: ByteSource | undefined;
  const source = (): ByteSource => {
    made ??= make(format, columns, size, job, name);
    return made;
  };
  return {
    get sizeBytes() {
      return source().sizeBytes;
    },
    chunks: () => source().chunks(),
    format,
    mediaType: job.options.mediaType ?? MEDIA_TYPES[format] ?? "application/octet-stream",
    fileName: `${name}.${format}`,
    get etag() {
      const hash = seedOf(`${size.seed} ${source().sizeBytes} ${format} ${JSON.stringify(columns)}`);
      return `"${hash.toString(16).padStart(8, "0")}"`;
    },
    stream() {
      const chunks = source().chunks()[Symbol.iterator]();
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          const { done, value } = chunks.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
      });
    },
  };
}

function make(
  format: FileFormat,
  columns: readonly Column[],
  size: { sizeBytes: number; seed: number },
  job: Job,
  name: string,
): ByteSource {
  const delimiter = findText(job.request, /delimiter$/i);
  const csv = { ...size, ...(delimiter?.length === 1 && { delimiter }) };
  switch (format) {
    case "csv":
      return csvFile(columns, csv);
    case "json":
      return jsonFile(columns, size);
    case "xlsx":
      return xlsxFile(columns, size);
    case "pdf":
      return pdfFile(columns, size);
    case "zip": {
      const count = job.options.files ?? 1;
      const names = Array.from({ length: count }, (_, at) => `${name}${count > 1 ? `-${at + 1}` : ""}.csv`);
      const each = Math.floor((size.sizeBytes - zipOverhead(names)) / count);
      const random = seededRandom(size.seed);
      return zipFile(
        names.map((entry) => ({
          name: entry,
          source: csvFile(columns, { ...csv, sizeBytes: each, seed: Math.floor(random() * 2 ** 32) }),
        })),
      );
    }
  }
}

/** The type that was asked for, if it is documented; else the first one documented that the sandbox can make. */
function formatOf({ options, kind, request }: Job, documented: readonly Content[]): FileFormat {
  if (options.format) return options.format;
  const formats = documented.flatMap(({ mediaType }) => formatOfType(mediaType) ?? []);
  const word = kind.formatField && readPointer(request, kind.formatField.pointer);
  return formats.find((format) => format === word) ?? formats[0] ?? "csv";
}

function formatOfType(mediaType: string): FileFormat | undefined {
  const [format] = Object.entries(MEDIA_TYPES).find(([, type]) => type === mediaType) ?? [];
  // The keys of MEDIA_TYPES are the formats.
  return format as FileFormat | undefined;
}

/** The columns that the request names, or else those of the spec's example of the file. */
function columnsOf(job: Job, documented: readonly Content[]): Column[] {
  const asked = findField(job.request, /^(selected_?)?fields(_?selected)?$|^columns$/i);
  const list = typeof asked === "string" ? asked.split(",").map((each) => each.trim()) : asked;
  const columns = (Array.isArray(list) ? list : []).flatMap((each) => column(each) ?? []);
  if (columns.length > 0) return columns;
  for (const { examples } of documented) {
    for (const { value } of examples) {
      if (typeof value === "string" && value.includes(",")) {
        const head = value.split("\n", 1)[0] ?? "";
        return head
          .split(",")
          .map((each) => ({ title: each.replaceAll('"', ""), name: each.replaceAll('"', "") }));
      }
      if (Array.isArray(value) && isObject(value[0])) {
        return Object.keys(value[0]).map((title) => ({ title, name: title }));
      }
    }
  }
  return ["id", "name", "time", "value"].map((title) => ({ title, name: title }));
}

function column(value: unknown): Column | undefined {
  if (typeof value === "string" && value !== "") return { title: value, name: value };
  const { id, name, label, title } = asObject(value);
  const field = asText(id) ?? asText(name);
  return field === undefined ? undefined : { title: asText(label) ?? asText(title) ?? field, name: field };
}

function findText(value: unknown, key: RegExp): string | undefined {
  return asText(findField(value, key));
}

/** The first field of this name, however deep. */
function findField(value: unknown, key: RegExp, depth = 0): unknown {
  if (!isObject(value) || depth > 4) return undefined;
  for (const [name, each] of Object.entries(value)) if (key.test(name)) return each;
  for (const each of Object.values(value)) {
    const found = findField(each, key, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
