// What `platform/node` loads when the first path is used.

export { fitFileName } from "../../../file-name/safe.js";
export { cleanupPartials, JOINED_NAME, PART_NAME } from "./cleanup.js";
export { commitFile } from "./commit.js";
export { fileError, systemCodeOf, targetExists } from "./error.js";
export { nodeFileSystem } from "./file-system.js";
export { acquireLock, type Lock } from "./lock.js";
export { isOwn, openNoFollow, readText } from "./own-file.js";
export { isKeptAfter } from "./partial-file.js";
export { openFileSink } from "./sink.js";
export { checkFree, fileTarget, isFolderOfParts } from "./target.js";
export { createFileWriter } from "./writer.js";
