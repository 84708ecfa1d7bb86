/** A reply that nests deeper is no data; code that walks through it would run out of stack. */
const MAX_DEPTH = 500;

/**
 * Texts, which are left alone, and numbers. No part of it can match the same characters in two ways, and a text that never ends is one as well; so it is
 * linear.
 */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
const LARGE_INTEGER = /^-?\d{16,}$/;

/**
 * Parses JSON like `JSON.parse`, but integers that JavaScript's numbers would round come as texts with all their digits: an id with a
 * wrong last digit is another job's.
 * @throws {SyntaxError} also for a document that nests deeper than 500 levels
 */
export function parseJson(text: string): unknown {
  if (text.length > 2 * MAX_DEPTH) checkDepth(text);
  return JSON.parse(withExactIntegers(text));
}

/** The text with integers beyond 2^53 in quotes. */
export function withExactIntegers(text: string): string {
  if (!/\d{16}/.test(text)) return text;
  return text.replace(STRING_OR_NUMBER, (match) =>
    LARGE_INTEGER.test(match) && !Number.isSafeInteger(Number(match)) ? `"${match}"` : match,
  );
}

function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === 0x22) inString = !inString;
    else if (inString) {
      if (character === 0x5c) index++; // the escaped character
    } else if (character === 0x7b || character === 0x5b) {
      if (++depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
    } else if (character === 0x7d || character === 0x5d) depth--;
  }
}
