import { isGzipType, valueAt } from "@outhaul/spec";
import type { ByteSource } from "../file/byte-source.js";
import { csvFile } from "../file/csv.js";
import { gzipFile } from "../file/gzip.js";
import { jsonFile } from "../file/json.js";
import { type FileFormat, formatOfMediaType, GZIP_TYPE, MEDIA_TYPES } from "../file/media-type.js";
import { pdfFile } from "../file/pdf.js";
import { seededRandom, seedOf } from "../file/random.js";
import type { Column } from "../file/rows.js";
import { xlsxFile } from "../file/xlsx.js";
import { zipFile, zipOverhead } from "../file/zip.js";
import { asText } from "../spec/narrow.js";
import type { Content } from "../spec/open-api.js";
import { columnsOf } from "./columns.js";
import { findField } from "./find-field.js";
import type { Job } from "./job.js";
import { namedPage } from "./named-page.js";

/** The file of a job. It has the same bytes each time it is read. */
export interface ExportFile extends ByteSource {
  readonly format: FileFormat;
  readonly mediaType: string;
  readonly fileName: string;
  /** What is inside, where the file is gzip. */
  readonly inside: ByteSource | undefined;
  /** A strong entity tag. */
  readonly etag: string;
  /** The bytes as a stream. */
  stream(): ReadableStream<Uint8Array>;
}

/**
 * Creates the file of a job. `documented` are the contents that the spec has for it.
 * @param part which part of it, from 0 on: each has rows of its own, below the same heading
 */
export function exportFile(job: Job, documented: readonly Content[], seed: number, part = 0): ExportFile {
  const { format, gzipType } = formatOf(job, documented);
  const isGzip = job.options.gzip ?? gzipType !== undefined;
  const columns = columnsOf(job, documented);
  const named = (asText(findField(job.request, /^file_?name$/i)) ?? `export-${job.id}`).replace(
    /[^\w.-]+/g,
    "-",
  );
  const name = part > 0 ? `${named}-${part + 1}` : named;
  const fileSeed = seedOf(`${seed} ${job.number} ${job.id} ${job.revision}${part > 0 ? ` ${part}` : ""}`);
  let content: ByteSource | undefined;
  let sent: ByteSource | undefined;
  const inside = (): ByteSource => {
    content ??= pageSource(job, part) ?? createSource(format, columns, fileSeed, job, name);
    return content;
  };
  const source = (): ByteSource => {
    sent ??= isGzip ? gzipFile(inside()) : inside();
    return sent;
  };
  return {
    get sizeBytes() {
      return source().sizeBytes;
    },
    chunks: () => source().chunks(),
    format,
    get inside() {
      return isGzip ? inside() : undefined;
    },
    mediaType: job.options.mediaType ?? (isGzip ? (gzipType ?? GZIP_TYPE) : MEDIA_TYPES[format]),
    fileName: `${name}.${format}${isGzip ? ".gz" : ""}`,
    get etag() {
      const hash = seedOf(`${fileSeed} ${source().sizeBytes} ${format} ${JSON.stringify(columns)}`);
      return `"${hash.toString(16).padStart(8, "0")}"`;
    },
    stream: () => streamOf(source().chunks()),
  };
}

/** The bytes of a page that names the next one. Undefined for any other file. */
function pageSource(job: Job, index: number): ByteSource | undefined {
  const page = namedPage(job, index);
  if (!page) return undefined;
  const bytes = new TextEncoder().encode(JSON.stringify(page.value));
  return { sizeBytes: bytes.length, chunks: () => [bytes] };
}

/** The requested format if it is documented; otherwise the first documented format that the sandbox can produce. */
function formatOf({ options, kind, request }: Job, documented: readonly Content[]): DocumentedFormat {
  const known = documented.flatMap(({ mediaType, inside }): DocumentedFormat[] => {
    if (isGzipType(mediaType))
      return [{ format: formatOfMediaType(inside ?? "") ?? "csv", gzipType: mediaType }];
    const format = formatOfMediaType(mediaType);
    return format ? [{ format }] : [];
  });
  const wanted = options.format ?? (kind.formatField && valueAt(request, kind.formatField.pointer));
  const found = known.find(({ format }) => format === wanted);
  if (options.format) return found ?? { format: options.format };
  return found ?? known[0] ?? { format: "csv" };
}

/** A format of a file, and the media type that it has where it is gzip. */
interface DocumentedFormat {
  readonly format: FileFormat;
  readonly gzipType?: string;
}

function createSource(
  format: FileFormat,
  columns: readonly Column[],
  seed: number,
  { options, request }: Job,
  name: string,
): ByteSource {
  const size = { sizeBytes: options.sizeBytes ?? 65_536, seed };
  const delimiter = asText(findField(request, /delimiter$/i));
  const csvOptions = delimiter?.length === 1 ? { ...size, delimiter } : size;
  switch (format) {
    case "csv":
      return csvFile(columns, csvOptions);
    case "json":
      return jsonFile(columns, size);
    case "xlsx":
      return xlsxFile(columns, size);
    case "pdf":
      return pdfFile(columns, size);
    case "zip": {
      const count = options.files ?? 1;
      const names = Array.from({ length: count }, (_, at) => `${name}${count > 1 ? `-${at + 1}` : ""}.csv`);
      const sizeBytes = Math.floor((size.sizeBytes - zipOverhead(names)) / count);
      const random = seededRandom(seed);
      return zipFile(
        names.map((entry) => ({
          name: entry,
          source: csvFile(columns, { ...csvOptions, sizeBytes, seed: Math.floor(random() * 2 ** 32) }),
        })),
      );
    }
  }
}

function streamOf(bytes: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = bytes[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}
