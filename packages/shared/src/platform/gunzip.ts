/** Undoes gzip as gzip(1) does: all members in a row, and zeros behind them. Fails where it ends too early, is damaged, or goes on with something else. */
export type Gunzip = (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
