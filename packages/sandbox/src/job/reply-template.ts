import type { DocumentedReply, Operation } from "../spec/open-api.js";

/** A documented reply with one of its examples. */
export interface ReplyTemplate {
  readonly status: number;
  /** The name of the example. */
  readonly name: string;
  readonly mediaType: string | undefined;
  readonly value: unknown;
  /** The names of the documented headers. */
  readonly headers: readonly string[];
}

/** The templates of all replies of an operation. */
export function templatesOf(operation: Operation): ReplyTemplate[] {
  return operation.replies.flatMap(templatesOfReply);
}

/** The templates of an operation's successful replies. */
export function successTemplates(operation: Operation): ReplyTemplate[] {
  return templatesOf(operation).filter(({ status }) => status >= 200 && status < 300);
}

/** The templates of one reply. A reply without an example has one template without a value. */
export function templatesOfReply({ status, headers, contents }: DocumentedReply): ReplyTemplate[] {
  const empty = { status, name: "", mediaType: undefined, value: undefined, headers };
  if (contents.length === 0) return [empty];
  return contents.flatMap(({ mediaType, examples }) => {
    if (examples.length === 0) return [{ ...empty, mediaType }];
    return examples.map(({ name, value }) => ({ status, name, mediaType, value, headers }));
  });
}
