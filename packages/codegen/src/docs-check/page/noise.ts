const AGE = String.raw`((about|over|almost|around|more than|less than|~)\s*)?(\d+|an?|one|two|three|a few|several)\s+(second|sec|minute|min|hour|hr|day|week|month|year|yr)s?\s+ago|yesterday|today|just now|moments ago`;
const WHAT_WAS_DONE =
  "(this |the )?(page |article |document |site |topic )?(was )?(last |first )?(updated|modified|edited|reviewed|built|generated|published|created|revised|posted|changed|commented)";

/** Lines that say nothing about what the page describes: when it was built, how many read it, how to edit it. */
const noise: readonly RegExp[] = [
  new RegExp(String.raw`^${WHAT_WAS_DONE}\b.*(\d{4}|\d\d?[./-]\d|\bago\b|yesterday|today|just now)`, "i"),
  new RegExp(String.raw`^(by\s+)?([\p{Lu}][\p{L}.'-]*\s+){0,3}[-·,|]?\s*(${AGE})[.,·|]?$`, "iu"),
  /^(©|\(c\)|copyright)\s/i,
  /^(estimated )?(reading time:?\s*)?\d+\s*-?\s*min(ute)?s?(\s+(read|to read))?$/i,
  /^[\d.,]+\s*[kKmM]?\+?\s+(views?|reads?|likes?|votes?|up-?votes?|down-?votes?|comments?|repl(y|ies)|followers?|shares?|stars?|reactions?|people found this helpful)$/i,
  /^\d+ (out )?of \d+ (people |users )?found (this|it)( article| page)? (helpful|useful)\.?$/i,
  /^(was|is|did) (this|you find this)( (page|article|topic|answer|section))? (helpful|useful)\b.{0,60}$/i,
  /^(have more questions\?|submit a request|share this( page| article)?|print( this page)?|copy( link| page)?|follow|yes no|return to top|back to top|on this page|table of contents)\W*$/i,
  /^(edit|improve|view|suggest|report|propose)( (this|an?|the))?( (page|edits?|changes?|article|source|issue|problem))( (on|in|with|at) \w+)?$/i,
  /^(edit|view) (on|in) \w+$/i,
];

/** True if a line is none of the page's own words: when or by whom it was built, a counter, or a call to vote, share or edit. */
export function isNoise(line: string): boolean {
  const text = line.replace(/\s+/g, " ").trim();
  return text.length <= 120 && noise.some((pattern) => pattern.test(text));
}

/** True if a text is a time as seen from now, such as `3 years ago`. */
export function isAge(text: string): boolean {
  return new RegExp(`^(${AGE})$`, "i").test(text.trim());
}
