/** A text as a name of a schema: `com.acme.v1.Export` → `ComAcmeV1Export`. */
export function identifierOf(text: string, fallback: string): string {
  const words = decoded(text)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^[A-Za-z]/.test(name) ? name : fallback + name;
}

/** A text as the name of an operation or option: `GET_export-status` → `getExportStatus`. Undefined for a text that is no name. */
export function camelCaseOf(text: string): string | undefined {
  if (!/^[A-Za-z][\w .-]*$/.test(text)) return undefined;
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
  const name = words.map((word, index) =>
    index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1),
  );
  return name.join("");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("~1", "/").replaceAll("~0", "~"));
  } catch {
    return text;
  }
}
