/**
 * Writes bodies as `application/x-www-form-urlencoded`: a list as one pair an item, unless its name is among `deep`; objects with brackets, such as
 * `filter[from]=1`. What is `undefined` or `null` is left out.
 * @param deep the lists whose items are numbered: `columns[0]=id`
 */
export function formBody(deep: readonly string[] = []): (body: unknown) => string {
  return (body) => {
    const form = new URLSearchParams();
    const add = (name: string, value: unknown, isDeep: boolean): void => {
      if (value === undefined || value === null) return;
      if (typeof value !== "object") form.append(name, String(value));
      else if (Array.isArray(value) && !isDeep) for (const item of value) add(name, item, false);
      else for (const [key, inner] of Object.entries(value)) add(`${name}[${key}]`, inner, true);
    };
    for (const [name, value] of Object.entries(body ?? {})) add(name, value, deep.includes(name));
    return form.toString();
  };
}
