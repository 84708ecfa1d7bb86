import { toBase64 } from "../encoding/base64.js";

/** Removes secrets from texts. */
export interface Redaction {
  /** Remembers a secret in every form that a text may repeat it in; returns it. */
  add(secret: string): string;
  /** The text without the secrets in it, and without the queries of URLs. */
  redact(text: string): string;
}

/** The query of a URL: a signed one is a key to what it leads to. */
const URL_QUERY = /(\bhttps?:\/\/[^\s"'<>?#]+)(\?[^\s"'<>]+)?/g;
/** How many forms of secrets are remembered: those of the last few, where a function gives new ones again and again. */
const MAX_FORMS = 100;
/** A shorter text is no secret, and would be found in every word. */
const MIN_SECRET_LENGTH = 4;

/** A redaction that knows no secret yet. */
export function createRedaction(): Redaction {
  const forms = new Set<string>();
  return {
    add(secret) {
      if (secret.length < MIN_SECRET_LENGTH) return secret;
      for (const form of formsOf(secret)) forms.add(form);
      for (const oldest of forms) {
        if (forms.size <= MAX_FORMS) break;
        forms.delete(oldest);
      }
      return secret;
    },
    redact(text) {
      let clean = text.replace(URL_QUERY, (url, path, query) => (query ? `${path}?***` : url));
      for (const form of forms) clean = clean.replaceAll(form, "***");
      return clean;
    },
  };
}

/** As it is, in a URL, in a form, in JSON, in base64 and in the base64 of URLs. The longest first: one may contain another. */
function formsOf(secret: string): string[] {
  const escaped = encodeURIComponent(secret);
  const encoded = toBase64(secret).replace(/=+$/, "");
  const forms = [
    secret,
    escaped,
    escaped.replace(/%\w\w/g, (code) => code.toLowerCase()),
    escaped.replaceAll("%20", "+"),
    JSON.stringify(secret).slice(1, -1),
    encoded,
    encoded.replaceAll("+", "-").replaceAll("/", "_"),
  ];
  return forms.sort((a, b) => b.length - a.length);
}
