/** The sandbox has no export with the id that it was asked for. */
export class NoSuchExportError extends RangeError {}
