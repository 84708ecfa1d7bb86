import { type Credentials, readCredentials } from "../account/credentials.js";
import type { ClientDefinition, SignIn } from "../client/options.js";
import { parseUrl } from "../http/parse-url.js";
import type { FileSource } from "../transfer/source.js";

/** What a client may show to the host of its files. */
interface Account {
  readonly credentials: Credentials;
  /** The origin of the user's `baseUrl`, which stands for all servers of the vendor. */
  readonly baseOrigin: string | undefined;
  readonly errors: ClientDefinition["errors"];
}

/** The account of each client, by what removes its secrets from texts: the sources of its files carry that function. */
const accounts = /* @__PURE__ */ new WeakMap<FileSource["redact"] & object, Account>();

/**
 * Credentials that a second host of the vendor gets, too, where it has the files. Vendors with such a host bring it along; others do not load it.
 * @param signIn the way to sign in, where it is more than headers
 */
export function credentialsForFiles(signIn?: SignIn): SignIn {
  return {
    options: signIn?.options ?? {},
    read(definition, options, context) {
      const credentials =
        signIn?.read(definition, options, context) ??
        readCredentials(definition.createName, definition.auth, options);
      const baseOrigin = parseUrl(String(options["baseUrl"] ?? ""))?.origin;
      accounts.set(credentials.redact, { credentials, baseOrigin, errors: definition.errors });
      return credentials;
    },
  };
}

/**
 * Makes the source of a file one whose address gets the credentials, if it is exactly on this origin. A redirect from there to another origin does not.
 * @param origin such as `https://files.vendor.example`
 */
export async function sourceWithCredentials<T extends object>(source: T, origin: string): Promise<T> {
  const given = source as unknown as FileSource; // generated code hands over nothing else
  const account = given.redact && accounts.get(given.redact);
  const isTrusted = ({ url }: { url: URL }) => [origin, account?.baseOrigin].includes(url.origin);
  const own: Pick<FileSource, "locate" | "isRefused"> = {
    isRefused(reply) {
      const { status, headers } = reply;
      if (!account || !isTrusted(reply)) return false; // a redirect leads to hosts that have seen no credentials
      return account.errors?.renew?.({ status, ok: status < 300, headers, body: undefined }) === true;
    },
    async locate(options) {
      if (options.renew) account?.credentials.renew();
      const location = await given.locate(options);
      if (!account || !isTrusted(location)) return location;
      const auth = await account.credentials.headers();
      return { ...location, headers: { accept: "*/*", ...auth }, trusted: true };
    },
  };
  return { ...source, ...own };
}
