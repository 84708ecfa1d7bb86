import { isIdentifier } from "./names.js";

/** `60000` → `60_000`. */
export function numberCode(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "_");
}

/** Writes a name as the key of an object: `id`, `"dry-run"`. */
export function keyCode(name: string): string {
  return isIdentifier(name) ? name : JSON.stringify(name);
}
