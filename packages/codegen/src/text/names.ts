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

/** True if a name can be a property without quotes. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}

/** True for a name such as `listId`. */
export function isCamelCase(name: string): boolean {
  return /^[a-z][A-Za-z0-9]*$/.test(name);
}
