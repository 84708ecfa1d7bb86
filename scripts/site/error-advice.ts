/** What a code means, and what to do. */
export interface Advice {
  readonly means: string;
  readonly todo: string;
}

/** The codes of errors that an export or a call may end with, in the order of an export. A test holds that none is missing. */
export const errorAdvice: Readonly<Record<string, Advice>> = {
  OUTHAUL_ERROR: {
    means: "The base of all errors. No error has this code alone.",
    todo: "Look at the class and the message.",
  },
  API_ERROR: {
    means: "The vendor answered a request with an error.",
    todo: "Look at `status` and `body`. 401 and 403: check the credentials. `isRetryable` says whether the same request may succeed later.",
  },
  CONNECTION_ERROR: {
    means: "The vendor could not be reached, or the connection broke before the reply was whole.",
    todo: "Check network, proxy and `baseUrl`. If `requestSent` is `false`, nothing reached the vendor, and the request may be sent again.",
  },
  REQUEST_TIMEOUT: {
    means: "A single request had no reply within `requestTimeoutMs`. The class is `ConnectionError`.",
    todo: "Try again, or give a longer `requestTimeoutMs`.",
  },
  PROTOCOL_ERROR: {
    means: "A reply lacks what the vendor's documents promise: there is no id, or the body cannot be read.",
    todo: "Read the message: a proxy or a sign-in page may have answered. If it was the vendor, open an issue.",
  },
  CREATE_AMBIGUOUS: {
    means: "The reply to a start was lost, and the export could not be found. The vendor may be running it.",
    todo: "Look at the vendor before you start it again: a second start may make a second export.",
  },
  JOB_FAILED: {
    means: "The vendor says that the export has failed. The message has its reason, where it gives one.",
    todo: "Mend what the reason names, and start a new export.",
  },
  JOB_CANCELLED: {
    means: "The export was cancelled, by this program or at the vendor.",
    todo: "Start a new export if you still want the file.",
  },
  JOB_EXPIRED: {
    means: "The export had ended well, and the vendor has deleted its file since.",
    todo: "Start a new export, and fetch its file sooner.",
  },
  JOB_GONE: {
    means: "The vendor does not know the export, or does not know it any more.",
    todo: "Check that the client has the account that started it. If so, start a new export.",
  },
  JOB_EMPTY: {
    means: 'The export ended well, but found nothing, and `ifEmpty` is `"error"`.',
    todo: 'Nothing is broken. With `ifEmpty: "skip"` or `"file"` it is no error.',
  },
  UNKNOWN_STATUS: {
    means:
      "The vendor has answered for longer than `tolerance.unknownMs` with a word that its documents do not have.",
    todo: "The export may go on: `client.resume(error.token)`. Open an issue with `rawStatus`.",
  },
  POLL_FAILED: {
    means: "For longer than `tolerance.failuresMs` no poll had a usable reply.",
    todo: "The export may go on: `client.resume(error.token)` when the vendor answers again.",
  },
  TIMEOUT: {
    means:
      "Time is up. `TimeoutError`: the deadline of a wait has passed, and the export goes on at the vendor. `DownloadError`: `phase` says what of the download took too long.",
    todo: "`TimeoutError`: `client.resume(error.token)`, with a longer `timeoutMs`. `DownloadError`: try again, or give that phase more time.",
  },
  RESUME_TOKEN: {
    means: "The token is damaged, or belongs to another vendor, account or version.",
    todo: "Create the client with the options of the account that started the export, and pass the token unchanged.",
  },
  UNSUPPORTED: {
    means: "The vendor or the platform has no way to do what was asked.",
    todo: "Read the message: it names what is missing. [Runtimes](runtimes.md) shows what works where.",
  },
  STORE_FAILED: {
    means: "An export was started, but the store could not keep its token.",
    todo: "Keep the token of the message, mend the store, and go on with `client.resume(token)`.",
  },
  STORE_START_UNKNOWN: {
    means:
      "The store knows of a start without an answer: another run is at it, or an earlier one was cut off.",
    todo: "Wait for the other run. If there is none, look at the vendor, then `store.remove(key)`.",
  },
  INCOMPLETE: {
    means: "The file was cut, and no attempt is left.",
    todo: "Run it again. With `keepPartial` it goes on where it was cut, where the server allows it.",
  },
  INCOMPLETE_UNVERIFIABLE: {
    means: "Less was proved of the file than `requireIntegrity` demands.",
    todo: "Ask for less, or give `expected` with a size or a digest.",
  },
  SIZE_MISMATCH: {
    means: "The file has another size than the one that was announced or expected.",
    todo: "Check `expected`; if it is right, run it again.",
  },
  DIGEST_MISMATCH: {
    means: "The bytes do not have the digest that was announced or expected.",
    todo: "Check `expected`; if it is right, run it again: the bytes were damaged on their way.",
  },
  DECODE_ERROR: {
    means: "A compressed body is damaged or cut.",
    todo: "Run it again.",
  },
  UNSUPPORTED_ENCODING: {
    means: "The body has a Content-Encoding that is not known, or that cannot be kept on this platform.",
    todo: "Read the message: it names the encoding, and the option that helps where there is one.",
  },
  SOURCE_CHANGED: {
    means: "The file changed at the server while it was fetched.",
    todo: "Run it again when the file is at rest.",
  },
  RANGE_MISMATCH: {
    means: "The server answered with another part of the file than was asked for.",
    todo: "Run it again without `keepPartial`.",
  },
  CANNOT_RESTART: {
    means: "The download has to begin anew, but its first bytes were handed on already, as to a stream.",
    todo: "Save to a file, or call `download()` again and drop what came before.",
  },
  HTTP_STATUS: {
    means: "The server of the file answered with 4xx or 5xx.",
    todo: "Look at `status`. A signed link may have expired: give a function as the source, which is asked for a new one.",
  },
  UNEXPECTED_STATUS: {
    means: "The server answered with a code that is neither a file nor an error.",
    todo: "Look at `status`, and at what stands between you and the server.",
  },
  NO_CONTENT: {
    means: "The server answered that there is no file: 204 or 205.",
    todo: "Check that the export had anything to export.",
  },
  UNEXPECTED_TYPE: {
    means: "The reply has another media type than the file, such as HTML.",
    todo: "A sign-in page or a proxy answered: check the way to the server. `expected.contentType` sets what is right.",
  },
  UNEXPECTED_CONTENT: {
    means: "The file does not begin as it should.",
    todo: "Look at `body`: it has the first bytes. If they are right, change `expected`.",
  },
  TOO_LARGE: {
    means: "The file is larger than `maxBytes`.",
    todo: "Raise `maxBytes`, or export less.",
  },
  INVALID_URL: {
    means: "The address of the file is none.",
    todo: "Check the source that you gave; if it came from the vendor, open an issue.",
  },
  URL_NOT_ALLOWED: {
    means: "`allowUrl` refused the address, or it is plain HTTP where the configured one is not.",
    todo: "Change `allowUrl`, if the address is one to trust.",
  },
  INVALID_REDIRECT: {
    means: "A redirect leads to no address, or to one of another kind.",
    todo: "Tell whoever runs the server.",
  },
  INSECURE_REDIRECT: {
    means: "A redirect leads from HTTPS to plain HTTP.",
    todo: "Tell whoever runs the server. It is not followed.",
  },
  TOO_MANY_REDIRECTS: {
    means: "There were more redirects than `maxRedirects`.",
    todo: "Look for a circle, or raise `maxRedirects`.",
  },
  TARGET_EXISTS: {
    means: "There is a file of that name already. Nothing was overwritten.",
    todo: 'Choose another name, or `overwrite: "replace"` or `"rename"`.',
  },
  FILE_ERROR: {
    means: "The system refused to write the file. `systemCode` has its word, such as `ENOSPC`.",
    todo: "Make room or rights, then run it again. A missing folder: `createDirs: true`.",
  },
  LOCKED: {
    means: "Another process writes the same file with `keepPartial`.",
    todo: "Wait for it, or choose another name.",
  },
};
