/** A request that came in. It holds names only, never the values of headers, queries or bodies. */
export interface RequestRecord {
  readonly at: number;
  readonly method: string;
  /** The path as the spec writes it, such as `/exports/{id}`; undefined for one that the spec does not have. */
  readonly path: string | undefined;
  readonly operation: string | undefined;
  /** The names of its headers, in lower case. */
  readonly headers: readonly string[];
  /** The names in its query. */
  readonly query: readonly string[];
  readonly job: string | undefined;
  /** The code of the reply; undefined while there is none, and where the connection was broken instead. */
  readonly status: number | undefined;
}

/** A record of which more becomes known. */
export type OpenRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };

/** The latest requests of a vendor. */
export interface RequestLog {
  /** Notes a request; more becomes known of it later. */
  begin(request: Request, at: number): OpenRecord;
  all(): readonly RequestRecord[];
  clear(): void;
}

/** Makes a log that keeps so many requests. */
export function createRequestLog(limit = 10_000): RequestLog {
  let records: RequestRecord[] = [];
  return {
    begin(request, at) {
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
