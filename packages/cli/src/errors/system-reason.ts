import { getSystemErrorMap } from "node:util";

/** The system's code of a failure, such as `ENOSPC`. */
export function systemCode(cause: unknown): string | undefined {
  return (cause as NodeJS.ErrnoException).code; // node:fs throws no other type
}

/** What the system says about a failure, in words and with its code: `no space left on device (ENOSPC)`. */
export function reasonOf(cause: unknown): string {
  const code = systemCode(cause);
  if (code === undefined) return String(cause);
  const [, words] = [...getSystemErrorMap().values()].find(([name]) => name === code) ?? [];
  return words === undefined ? code : `${words} (${code})`;
}
