import type { Validate } from "./validate.js";

/**
 * The validators that need no compiling at run time, by the names of their schemas.
 * The build fills it: see `build/compiled.ts`. Without a build it is empty, and schemas are compiled when they are first needed.
 */
export const compiled: Readonly<Record<string, Validate>> = {};
