/** The option of a start that may have to wait for long, and what it may be. */
export const START_TIMEOUT = { timeoutMs: "number" };
