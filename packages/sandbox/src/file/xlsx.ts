import type { ByteSource } from "./byte-source.js";
import { rowFile } from "./row-file.js";
import type { Column } from "./rows.js";
import { zipFile, zipOverhead } from "./zip.js";

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** The parts of the smallest workbook with one sheet, apart from the sheet. */
const PARTS: readonly (readonly [name: string, text: string])[] = [
  [
    "[Content_Types].xml",
    `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${KIND}.worksheet+xml"/></Types>`,
  ],
  [
    "_rels/.rels",
    `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    "xl/workbook.xml",
    `${XML}<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ],
  [
    "xl/_rels/workbook.xml.rels",
    `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  ],
];
const SHEET = "xl/worksheets/sheet1.xml";

/** A workbook with one sheet of rows. */
export function xlsxFile(
  columns: readonly Column[],
  { sizeBytes, seed }: { sizeBytes: number; seed: number },
): ByteSource {
  const encoder = new TextEncoder();
  const parts = PARTS.map(([name, text]) => {
    const bytes = encoder.encode(text);
    return { name, source: { sizeBytes: bytes.length, chunks: () => [bytes] } };
  });
  const overhead =
    zipOverhead([...PARTS.map(([name]) => name), SHEET]) +
    parts.reduce((sum, { source }) => sum + source.sizeBytes, 0);
  const sheet = rowFile(
    {
      head: (all) =>
        `${XML}<worksheet xmlns="${MAIN}"><sheetData><row>${all.map(({ title }) => textCell(title)).join("")}</row>`,
      row: (cells) =>
        `<row>${cells.map(({ text, isNumber }) => (isNumber ? `<c><v>${text}</v></c>` : textCell(text))).join("")}</row>`,
      tail: (lastRow) => `${lastRow}</sheetData></worksheet>`,
    },
    columns,
    { sizeBytes: sizeBytes - overhead, seed },
  );
  return zipFile([...parts, { name: SHEET, source: sheet }]);
}

function textCell(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<c t="inlineStr"><is><t>${escaped}</t></is></c>`;
}
