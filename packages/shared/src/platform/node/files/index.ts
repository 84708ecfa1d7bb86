// What `platform/node` loads when the first path is used.
export { cleanupPartials } from "./cleanup.js";
export { openFileSink } from "./sink.js";
export { fileTarget } from "./target.js";
