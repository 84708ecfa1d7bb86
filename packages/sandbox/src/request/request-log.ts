/** A request that the sandbox received. It has the names of headers and parameters, but never their values. */
export interface RequestRecord {
  /** The number of the request; they count up from 1. */
  readonly number: number;
  readonly at: number;
  readonly method: string;
  /** The path in the spec, such as `/exports/{id}`; undefined if the spec has none for the request. */
  readonly path: string | undefined;
  readonly operation: string | undefined;
  /** The names of the headers, in lower case. */
  readonly headers: readonly string[];
  /** The names of the query parameters. */
  readonly query: readonly string[];
  readonly job: string | undefined;
  /** The status code of the reply; undefined until it is sent, and if the connection was broken instead. */
  readonly status: number | undefined;
  /** When the head of the reply was there, or the connection was broken instead; undefined until then. */
  readonly endedAt: number | undefined;
  /** The kind of the fault that it met. */
  readonly fault: string | undefined;
}

/** A record that is completed while the request is handled. */
export type OpenRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };

/** The latest requests of a vendor. */
export interface RequestLog {
  /** Appends a record for a request. */
  append(request: Request, at: number): OpenRecord;
  /** The latest requests, or all that are kept, the oldest first. */
  all(latest?: number): readonly RequestRecord[];
  clear(): void;
}

/** Creates a log that keeps at most `limit` requests. */
export function createRequestLog(limit = 10_000): RequestLog {
  let records: RequestRecord[] = [];
  let count = 0;
  return {
    append(request, at) {
      count += 1;
      const record = {
        number: count,
        at,
        method: request.method,
        path: undefined,
        operation: undefined,
        headers: [...request.headers.keys()],
        query: [...new Set(new URL(request.url).searchParams.keys())],
        job: undefined,
        status: undefined,
        endedAt: undefined,
        fault: undefined,
      };
      if (records.length >= limit) records = records.slice(limit / 2);
      records.push(record);
      return record;
    },
    all: (latest = limit) => records.slice(-latest).map((record) => ({ ...record })),
    clear() {
      records = [];
    },
  };
}
