import type { ByteSource } from "./byte-source.js";
import { COUNTER, type Column, createRowSource } from "./rows.js";

/** A PDF of one page with some rows. It is always small. */
export function pdfFile(columns: readonly Column[], { seed }: { seed: number }): ByteSource {
  const nextRow = createRowSource(columns, seed);
  const rows = Array.from({ length: 20 }, (_, index) =>
    nextRow().map(({ text }) => text.replace(COUNTER, String(index + 1).padStart(COUNTER.length, "0"))),
  );
  const lines = [columns.map(({ title }) => title), ...rows].map(
    (cells) => `(${escapeText(cells.join("   "))}) Tj T*`,
  );
  const page = `BT /F1 8 Tf 12 TL 36 800 Td\n${lines.join("\n")}\nET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join("")}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  const bytes = new TextEncoder().encode(text);
  return { sizeBytes: bytes.length, chunks: () => [bytes] };
}

function escapeText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").replace(/[\\()]/g, "\\$&");
}
