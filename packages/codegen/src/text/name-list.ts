/** Sorts names as Biome sorts the names of an import: letter by letter, a capital before its small letter. */
function sortNames(names: readonly string[]): string[] {
  return [...names].sort((a, b) => {
    for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
      const [left = "", right = ""] = [a[index], b[index]];
      const [small, other] = [left.toLowerCase(), right.toLowerCase()];
      if (small !== other) return small < other ? -1 : 1;
      if (left !== right) return left < right ? -1 : 1;
    }
    return a.length - b.length;
  });
}

/** Writes the names of an import or export, sorted, with `type` before each type. */
export function nameList(values: readonly string[], types: readonly string[]): string {
  return sortNames([...values, ...types])
    .map((name) => (types.includes(name) ? `type ${name}` : name))
    .join(", ");
}
