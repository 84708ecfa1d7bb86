import type { Gunzip } from "../gunzip.js";
import { decodeBody } from "./decode.js";

/** By `node:zlib`. */
export const gunzip: Gunzip = (body) => decodeBody(body, "gzip", true);
