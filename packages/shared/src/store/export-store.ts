/** What is remembered of an export, as JSON. It holds no secret. */
export type ExportRecord =
  /** The start was sent, or is about to be. */
  | { readonly v: 1; readonly state: "starting"; readonly since: string }
  /** The vendor works on it: `client.resume(token)` goes on with it. */
  | { readonly v: 1; readonly state: "running"; readonly since: string; readonly token: string }
  /** It is home. */
  | { readonly v: 1; readonly state: "done"; readonly since: string; readonly result: unknown };

/**
 * Where a program remembers its exports between its runs: {@link createFileStore}, or a table of your own with one row for each key.
 * Every method rejects when it cannot do what it says.
 */
export interface ExportStore {
  read(key: string): Promise<ExportRecord | undefined>;
  /** Adds a record, where the key has none: of several processes that try, one succeeds. @returns whether it was this one */
  add(key: string, record: ExportRecord): Promise<boolean>;
  /** Puts a record in the place of the one that is there. */
  replace(key: string, record: ExportRecord): Promise<void>;
  /** Removes a record, if there is one. */
  remove(key: string): Promise<void>;
}
