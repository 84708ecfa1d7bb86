/** A new id in the format of an example: a number, digits, a UUID or a text. */
export function nextId(example: string | number, count: number, random: () => number): string | number {
  if (typeof example === "number") return example + count;
  if (/^\d{1,15}$/.test(example)) return String(Number(example) + count).padStart(example.length, "0");
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(example)) return randomUuid(random);
  return `${example}-${count}`;
}

/** A UUID of version 4 (RFC 9562 §5.4). */
function randomUuid(random: () => number): string {
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (letter) => {
    const digit = Math.floor(random() * 16);
    return (letter === "y" ? (digit & 3) | 8 : digit).toString(16);
  });
}
