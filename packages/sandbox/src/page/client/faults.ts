import { byId, call, create, setText } from "./dom.js";
import type { FaultInfo, Input, Switch } from "./messages.js";
import type { View } from "./view.js";

/** A fault that is on, at a vendor. */
interface Active {
  readonly vendor: string;
  readonly fault: FaultInfo;
}

/** Creates the list of switches. */
export function createFaults(view: View) {
  const list = byId("faults");
  const told = byId("faults-told");
  let rows: { readonly of: Switch; show(active: readonly Active[], shown: number): void }[] = [];

  /** Does what a person asked for, and says what is wrong with it. */
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      setText(told, "");
    } catch (error) {
      setText(told, String((error as Error).message)); // `call` throws nothing else
    }
  };
  const turnOn = (body: object) =>
    attempt(() =>
      Promise.all(view.shown().map(({ name }) => call("POST", `vendors/${name}/_sandbox/faults`, body))),
    );
  const turnOff = (active: readonly Active[]) =>
    attempt(() =>
      Promise.all(
        active.map(({ vendor, fault }) => call("DELETE", `vendors/${vendor}/_sandbox/faults/${fault.id}`)),
      ),
    );
  byId("clear").addEventListener("click", () =>
    attempt(() =>
      Promise.all(view.shown().map(({ name }) => call("DELETE", `vendors/${name}/_sandbox/faults`))),
    ),
  );

  return {
    /** Makes a switch of each fault. */
    build(): void {
      const switches = view.hello?.switches ?? [];
      const made = switches.map((one) => createRow(one, turnOn, turnOff));
      rows = made.map(({ show }, index) => ({ of: switches[index] as Switch, show })); // made of it
      list.replaceChildren(...made.map(({ element }) => element));
    },
    /** Shows which faults are on, at the vendors that are shown. */
    show(): void {
      const { hello, chosen } = view;
      const active = view
        .shown()
        .flatMap(({ name }) => (view.faults.get(name) ?? []).map((fault) => ({ vendor: name, fault })));
      const switches = active.map(({ fault }) => switchOf(fault, hello?.switches ?? []));
      for (const { of, show } of rows)
        show(
          active.filter((_, index) => switches[index] === of),
          view.shown().length,
        );
      // A switch is on at every vendor, or at one: it is one fault all the same.
      setText(byId("faults-count"), `${new Set(switches).size} on`);
      setText(
        byId("faults-hint"),
        `A fault meets the next request that fits${chosen === undefined ? ", at every vendor" : ` at ${chosen}`}.`,
      );
    },
  };
}

/** The switch that a fault belongs to: the first of its kind whose fields it has. */
function switchOf({ kind, fields }: FaultInfo, switches: readonly Switch[]): Switch | undefined {
  return switches.find(
    (one) => one.kind === kind && Object.entries(one.set).every(([name, value]) => fields[name] === value),
  );
}

function createRow(
  of: Switch,
  turnOn: (body: object) => void,
  turnOff: (active: readonly Active[]) => void,
): { element: HTMLLIElement; show(active: readonly Active[], shown: number): void } {
  const { id, title, description, inputs } = of;
  let active: readonly Active[] = [];
  const button = create("button", {
    type: "button",
    role: "switch",
    class: "switch",
    "aria-checked": "false",
    "aria-labelledby": `title-${id}`,
    "aria-describedby": `what-${id} left-${id}`,
  });
  const left = create("span", { class: "left", id: `left-${id}` });
  const fields = inputs.map((input) => ({ input, element: createInput(`${id}-${input.name}`, input) }));
  button.addEventListener("click", () => {
    if (active.length) turnOff(active);
    else turnOn(bodyOf(of, fields));
  });
  const panel = create(
    "div",
    { class: "fields", id: `fields-${id}`, hidden: true },
    ...fields.map(({ input, element: field }) =>
      create(
        "label",
        { class: input.kind === "lines" ? "field wide" : "field" },
        create("span", {}, input.title),
        field,
      ),
    ),
  );
  const more = create("button", {
    type: "button",
    class: "more",
    "aria-expanded": "false",
    "aria-controls": `fields-${id}`,
    "aria-label": `Options of ${title}`,
  });
  more.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    more.setAttribute("aria-expanded", String(!panel.hidden));
  });
  const element = create(
    "li",
    { class: "fault", "data-switch": id },
    create(
      "div",
      { class: "fault-text" },
      create("span", { class: "fault-title", id: `title-${id}` }, title),
      create("span", { class: "fault-what", id: `what-${id}` }, description),
      left,
    ),
    more,
    button,
    panel,
  );
  return {
    element,
    show(now, shown) {
      active = now;
      button.setAttribute("aria-checked", String(now.length > 0));
      element.classList.toggle("on", now.length > 0);
      setText(left, textOf(now, shown));
    },
  };
}

/** How often faults will still meet a request. */
function textOf(active: readonly Active[], shownVendors: number): string {
  const texts = active.map(({ fault: { left } }) => (left === "always" ? "always" : `${left} left`));
  const vendors = new Set(active.map(({ vendor }) => vendor));
  if (new Set(texts).size === 1 && vendors.size === shownVendors && active.length === shownVendors)
    return shownVendors > 1 ? `${texts[0]} at every vendor` : `${texts[0]}`;
  return active.map(({ vendor }, index) => `${vendor}: ${texts[index]}`).join(", ");
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function createInput(id: string, { kind, value, min, choices = [] }: Input): Field {
  const select = (words: readonly (readonly [value: string, text: string])[]) => {
    const element = create(
      "select",
      { id },
      ...words.map(([word, text]) => create("option", { value: word }, text)),
    );
    element.value = value;
    return element;
  };
  switch (kind) {
    case "choice":
      return select(choices.map((word) => [word, word === "" ? "as usual" : word]));
    case "times":
      return select([
        ...["1", "2", "3", "5", "10"].map((word) => [word, word] as const),
        ["always", "always"],
      ]);
    case "lines": {
      const element = create("textarea", { id, rows: 2, spellcheck: "false" });
      element.value = value;
      return element;
    }
    case "number":
      return create("input", { id, type: "number", value, min, step: "any", inputmode: "decimal" });
    case "text":
      return create("input", { id, type: "text", value, autocomplete: "off", spellcheck: "false" });
  }
}

/** The fault that a switch and its inputs describe. What is left empty is left to the sandbox. */
function bodyOf({ kind, set }: Switch, fields: readonly { input: Input; element: Field }[]): object {
  const given = fields.flatMap(({ input, element }): [string, unknown][] => {
    const text = element.value.trim();
    if (text === "") return [];
    if (input.kind === "number" || (input.kind === "times" && text !== "always"))
      return [[input.name, Number(text)]];
    return [[input.name, input.kind === "lines" ? headersOf(text) : text]];
  });
  return { kind, ...Object.fromEntries(given), ...set };
}

/** Lines of `name: value` as an object. */
function headersOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split("\n").flatMap((line) => {
      const colon = line.indexOf(":");
      return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );
}
