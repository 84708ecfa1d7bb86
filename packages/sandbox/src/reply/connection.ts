/** The connection of a request. A handler that is called as a function has none. */
export interface Connection {
  /** Breaks the connection. */
  destroy(): void;
}

/**
 * The error of a broken connection. If the sandbox is called as a function, its handler rejects with this error, or the body of its reply ends with it. A real
 * connection is destroyed instead.
 */
export class ConnectionLostError extends Error {
  override readonly name = "ConnectionLostError";
  constructor(message = "the sandbox broke the connection, as it was asked to") {
    super(message);
  }
}
