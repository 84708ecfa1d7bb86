/** The end of a message about an unknown word: the names that it is the beginning of, else the nearest ones, else all. */
export function didYouMean(word: string, names: readonly string[]): string {
  for (let changes = -1; changes < 4; changes++) {
    const near = names.filter((name) =>
      changes < 0 ? name.startsWith(word) : isNear(word.toLowerCase(), name.toLowerCase(), changes),
    );
    if (near.length) return `; did you mean ${near.map((name) => `"${name}"`).join(" or ")}?`;
  }
  return `; there are ${names.join(", ")}`;
}

/** True if so many letters added, removed or changed make one word of the other (Levenshtein). */
function isNear(from: string, to: string, changes: number): boolean {
  if (from === to) return true;
  const [a, b] = [from.slice(1), to.slice(1)];
  if (from && from[0] === to[0]) return isNear(a, b, changes);
  return (
    changes > 0 && (isNear(a, b, changes - 1) || isNear(a, to, changes - 1) || isNear(from, b, changes - 1))
  );
}
