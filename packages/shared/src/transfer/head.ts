import { mayBeFile, mediaType } from "../file/file-types.js";
import { fileNameOf } from "../file-name/file-name.js";
import { contentEncoding, type RawReply } from "../http/transport.js";
import type { Refusal } from "./refusal.js";
import type { TransferState } from "./state.js";

/** How the names of files end that are kept in an encoding. */
const EXTENSIONS: Readonly<Record<string, string>> = { gzip: "gz", br: "br", zstd: "zst", compress: "Z" };

/** The encodings that can be undone, and that every `fetch` undoes. */
const DECODABLE = /^(|gzip|deflate|br)$/;

/** Types of pages, errors and messages. A file has one only if its first reply had it. */
const PAGE = /^(text\/(html|plain|xml)|application\/(json|xml))$|\+(json|xml)$/;

/**
 * Reads the head of a reply that may be the file: its name and type, and whether the bytes are saved in their encoding.
 * @returns what is wrong with it
 */
export function readHead(state: TransferState, reply: RawReply, isRest: boolean): Refusal | undefined {
  const { head, version, options, source } = state;
  const before = head ? head.contentType : version?.type;
  const type = mediaType(reply.headers) ?? (isRest ? before : undefined); // a range need not repeat it
  if (type !== before && (head || version) && PAGE.test(type ?? ""))
    return { code: "UNEXPECTED_TYPE", problem: `sent ${type} where the file was ${before ?? "of no type"}` };
  if (source.types && options.expectType === undefined && !mayBeFile(source.types, type))
    return {
      code: "UNEXPECTED_TYPE",
      problem: `sent ${type}, not ${Object.keys(source.types).join(" or ")}`,
    };
  const suggested = fileNameOf(reply, { ...source, ...options });
  state.head = { filename: suggested, suggested, contentType: type };
  return chooseEncoding(state, reply);
}

/**
 * Decides whether the bytes are saved as they were sent: if the file's name ends like their encoding, or the caller says so. Else they are decoded, and
 * the name that was not chosen by the caller does not promise otherwise.
 */
export function chooseEncoding(state: TransferState, reply: RawReply): Refusal | undefined {
  const { head, targetName, options } = state;
  const encoding = contentEncoding(reply.headers).replace(/^x-/, "");
  if (!encoding || !head) return undefined;
  const extension = EXTENSIONS[encoding];
  const chosen = targetName ?? (options.filename === undefined ? undefined : head.suggested);
  const name = chosen ?? head.suggested;
  const [ending = ""] = extension
    ? (new RegExp(`\\.(${extension}|t${extension})$`, "i").exec(name) ?? [])
    : [];
  const { decompress = "auto" } = options;
  const keeps = decompress === "auto" ? ending !== "" : !decompress;
  reply.kept = keeps && !reply.decoded;
  if (!reply.kept && ending && !chosen)
    head.filename = name.slice(0, -ending.length) + (/^\.t/i.test(ending) ? ".tar" : "");
  const isPossible = DECODABLE.test(encoding) || (encoding === "zstd" && !reply.decoded);
  if (reply.kept || (isPossible && !(keeps && (chosen || !decompress)))) return undefined;
  const problem = isPossible
    ? `sent ${encoding}, which fetch decodes, but the file is to stay as it was sent`
    : `sent the encoding ${encoding.slice(0, 40)}, which cannot be undone`;
  return { code: "UNSUPPORTED_ENCODING", problem };
}
