/** The connection of a request, where there is one: a handler that is called as a function has none. */
export interface Connection {
  /** Ends it without a word. */
  destroy(): void;
}

/**
 * Stands for a broken connection where the sandbox is called as a function: the handler rejects with it, or the body of its reply ends with it. Over a
 * real connection, the connection is destroyed instead.
 */
export class ConnectionLostError extends Error {
  override readonly name = "ConnectionLostError";
  constructor(message = "the sandbox broke the connection, as it was asked to") {
    super(message);
  }
}
