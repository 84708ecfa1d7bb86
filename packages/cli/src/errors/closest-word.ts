import leven from "leven";

/** The word of a list that a user most likely meant; undefined if none is close. */
export function closestWord(word: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((candidate) => ({ candidate, distance: leven(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, word.length * 0.4) ? best.candidate : undefined;
}

/** The end of a message about an unknown word: the closest one, or else `otherwise`. */
export function didYouMean(word: string, words: readonly string[], otherwise = ""): string {
  const closest = closestWord(word, words);
  return closest === undefined ? otherwise : `; did you mean ${closest}?`;
}

/** The end of a message about an unknown word: the closest one, or else the whole list. */
export function didYouMeanOneOf(word: string, words: readonly string[]): string {
  return didYouMean(word, words, `: ${words.join(", ")}`);
}
