import type { FileOptions } from "./options.js";

/** Where the parts of a file are until all of them are there; nothing has a final name before. */
export interface PartsFolder {
  /** What an earlier run noted of the parts that it left here. */
  readonly note: unknown;
  /** The name that parts are joined under, until the file has its own. */
  readonly joinedName: string;
  /** The name that the target has; `undefined` where it is a directory that the file gets a name in. */
  readonly targetName: string | undefined;
  /** Puts a note on the disk, in one step. */
  keep(note: object): Promise<void>;
  /** Removes all that is there, and the note. */
  clear(): Promise<void>;
  /** The path of a part, to save it to. */
  pathOf(name: string): string;
  /** The size of a part that is there, and has no other name outside of the folder. */
  sizeOf(name: string): Promise<number | undefined>;
  read(name: string): AsyncIterable<Uint8Array>;
  remove(name: string): Promise<void>;
  /** Writes bytes into a file of the folder from a position on, and to the disk; what stood behind it is gone. */
  append(name: string, position: number, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Gives the folder its final name, with these files and nothing else in it; returns the path. */
  commit(names: readonly string[]): Promise<string>;
  /** The path of a part in the folder that has its final name. */
  finalPath(folder: string, name: string): string;
  /** Gives a file of the folder the final name, and removes the rest; returns the path. */
  commitFile(name: string): Promise<string>;
  /** Ends without a file: what is there is removed, or kept for another run. */
  abandon(reason: unknown): Promise<void>;
}

/** What is known of the target before its folder is opened. */
export interface PartsTarget {
  readonly options: FileOptions;
  /** The name where the target is a directory. */
  readonly name: string;
  /** True if the folder itself is what is saved. */
  readonly isFolder: boolean;
}
