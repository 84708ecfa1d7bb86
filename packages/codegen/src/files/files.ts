/** Generated files: their paths from the repository's root, and their texts. */
export type Files = ReadonlyMap<string, string>;
