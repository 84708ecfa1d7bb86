/** Why a page could not be read. */
export interface Fault {
  readonly fault: keyof typeof whatToDo;
  /** Describes what came instead of the page, as the rest of a sentence that begins with its address. */
  readonly why: string;
}

/** What to do about each kind of fault. */
export const whatToDo = {
  "not-found": "look for its new address, and cite that in x-docs",
  login: "read it by hand, save it, and pass --from",
  forbidden: "read it by hand, save it, and pass --from",
  "rate-limited": "try again later",
  "server-error": "try again later",
  unreachable: "try again later; if it stays so, look for its new address",
  status: "look at it in a browser",
  consent: "open it in a browser, choose, save the page, and pass --from",
  cut: "try again later",
  empty: "look at it in a browser; if it is empty there too, look for its new address",
  "script-only": "open it in a browser, save it, and pass --from",
  "not-text": "cite a page of text in x-docs",
  "not-openapi": "name the document itself in x-openapi, or save it, and pass --from",
  "too-big": "cite a smaller page in x-docs",
  redirects: "look at it in a browser, and cite where it ends in x-docs",
  robots: "read it by hand, save it, and pass --from",
  "no-file": "save the page under that name",
  foreign: "look at it in a browser; if it is the right page, pass --force with its address",
  unasked: "look at it, and pass --yes",
  "nothing-left": "look at it in a browser; if it is the right page, accept it by its address",
} as const;
