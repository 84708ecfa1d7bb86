/** `exportContacts` → `export-contacts`. */
export function kebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();
}

/** `my-vendor`, `exportContacts` → `MyVendor`, `ExportContacts`. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|[-_])(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `accountCode` → `ACCOUNT_CODE`. */
export function snakeCase(name: string): string {
  return kebabCase(name).replaceAll("-", "_").toUpperCase();
}

/** Whether a name can be a property without quotes. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}

/** Whether a name is spelled like ours: `listId`. */
export function isCamelCase(name: string): boolean {
  return /^[a-z][A-Za-z0-9]*$/.test(name);
}

/** Sorts names as Biome sorts what an import names: letter by letter, a capital before its small letter. */
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

/** The names of an import or export, sorted, with `type` before those that are types. */
export function nameList(values: readonly string[], types: readonly string[]): string {
  return sortNames([...values, ...types])
    .map((name) => (types.includes(name) ? `type ${name}` : name))
    .join(", ");
}
