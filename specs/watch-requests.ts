/** A request that a client sent. */
export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** Gives the reply to a request; `pass` sends it on and gives the real one. */
export type Answer = (sent: Sent, pass: () => Promise<Response>) => Response | Promise<Response>;

/** A `fetch` for a client that notes what is sent. With an `answer`, the reply can be another one than the sandbox's, or nothing is sent on at all. */
export function watchRequests(answer: Answer = (_, pass) => pass()): {
  fetch: typeof globalThis.fetch;
  sent: Sent[];
} {
  const sent: Sent[] = [];
  return {
    sent,
    async fetch(input, init) {
      const request = new Request(input, init);
      const { method, headers } = request;
      const noted = { method, url: new URL(request.url), headers, body: await request.clone().text() };
      sent.push(noted);
      return answer(noted, () => globalThis.fetch(request));
    },
  };
}

/** An answer that changes the JSON of the replies to the requests whose path fits; the rest passes as it is. */
export function changeJson(path: RegExp, change: (body: never) => unknown): Answer {
  return async ({ url }, pass) => {
    const reply = await pass();
    if (!path.test(url.pathname) || !reply.ok) return reply;
    return Response.json(change((await reply.json()) as never), { status: reply.status }); // as the sandbox makes it
  };
}
