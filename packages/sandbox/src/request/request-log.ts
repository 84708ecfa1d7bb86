/** A request that the sandbox received. It has the names of headers and parameters, but never their values. */
export interface RequestRecord {
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
}

/** A record that is completed while the request is handled. */
export type OpenRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };

/** The latest requests of a vendor. */
export interface RequestLog {
  /** Appends a record for a request. */
  append(request: Request, at: number): OpenRecord;
  all(): readonly RequestRecord[];
  clear(): void;
}

/** Creates a log that keeps at most `limit` requests. */
export function createRequestLog(limit = 10_000): RequestLog {
  let records: RequestRecord[] = [];
  return {
    append(request, at) {
      const record = {
        at,
        method: request.method,
        path: undefined,
        operation: undefined,
        headers: [...request.headers.keys()],
        query: [...new Set(new URL(request.url).searchParams.keys())],
        job: undefined,
        status: undefined,
      };
      if (records.length >= limit) records = records.slice(limit / 2);
      records.push(record);
      return record;
    },
    all: () => records.map((record) => ({ ...record })),
    clear() {
      records = [];
    },
  };
}
