import { type AuthScheme, type Credentials, readCredentials } from "../account/credentials.js";
import type { SignIn } from "../client/options.js";
import type { FileSource } from "../transfer/source.js";

/** How the name of a query parameter begins while it goes with the headers; no header may be called so. */
const MARK = "?";

/**
 * Credentials that go into the query of every request (`apiKey`, `in: query`). Vendors with such a scheme bring it along; others do not load it.
 * The address with the key is made when a request is sent, so that no event, error, resume token or redirect has it.
 */
export const keyInQuery: SignIn = {
  options: {},
  read({ createName, auth }, options): Credentials {
    const given = readCredentials(createName, auth, options);
    const marked = new WeakMap<object, Record<string, string>>();
    let used: { given: Record<string, string>; marked: Record<string, string> } | undefined;
    const mark = (headers: Record<string, string>): Record<string, string> => {
      const found = marked.get(headers) ?? markFields(headers, given.schemes);
      marked.set(headers, found);
      used = { given: headers, marked: found };
      return found;
    };
    return {
      ...given,
      headers() {
        const headers = given.headers();
        return headers instanceof Promise ? headers.then(mark) : mark(headers);
      },
      renew: (sent) => given.renew(sent && sent === used?.marked ? used.given : sent),
      through: (send) => (input, init) => {
        const headers = init?.headers as Record<string, string> | undefined; // clients send plain headers to a text
        return headers ? send(moveIntoQuery(new URL(String(input)), headers).href, init) : send(input, init);
      },
    };
  },
};

/** Makes the source of a file one whose own address gets the key; a redirect does not. */
export async function sourceWithKey<T extends object>(source: T): Promise<T> {
  const { locate } = source as unknown as FileSource; // generated code hands over nothing else
  const withKey: Pick<FileSource, "locate"> = {
    async locate(options) {
      const location = await locate(options);
      const headers = { ...location.headers };
      return { ...location, url: moveIntoQuery(location.url, headers), headers };
    },
  };
  return { ...source, ...withKey };
}

function markFields(headers: Record<string, string>, schemes: readonly AuthScheme[]): Record<string, string> {
  const fields = schemes.flatMap((scheme) => (scheme.in === "field" ? [scheme.name] : []));
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const field = fields.find((one) => one.toLowerCase() === name);
      return [field === undefined ? name : MARK + field, value];
    }),
  );
}

/** Takes the key out of the headers, so that what is sent after a redirect has none. */
function moveIntoQuery(address: URL, headers: Record<string, string>): URL {
  const url = new URL(address);
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(MARK)) continue;
    url.searchParams.set(name.slice(MARK.length), value);
    delete headers[name];
  }
  return url;
}
