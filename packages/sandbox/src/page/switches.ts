import type { FaultField, FaultKind, FaultPreset } from "../fault/fault-kinds.js";
import { faultKinds, targetFields } from "../fault/fault-kinds.js";
import type { Input, Switch } from "./client/messages.js";

/** The switches of the page, made from the list of faults: those of a kind's presets, then its own. */
export function createSwitches(): Switch[] {
  return Object.entries<FaultKind>(faultKinds).flatMap(([kind, known]) => [
    ...(known.presets ?? []).map((preset, index) => createSwitch(`${kind}-${index}`, kind, known, preset)),
    createSwitch(kind, kind, known),
  ]);
}

function createSwitch(id: string, kind: string, known: FaultKind, preset?: FaultPreset): Switch {
  const { title, description } = preset ?? known;
  // The first of a preset's fields is what it is; the others can be changed.
  const [fixed] = Object.entries(preset?.set ?? {});
  const inputs = Object.entries(known.fields)
    .filter(([name]) => name !== fixed?.[0])
    .map(([name, field]) => inputOf(name, field, preset?.set[name]));
  return {
    id,
    title,
    description,
    kind,
    set: fixed ? { [fixed[0]]: fixed[1] } : {},
    inputs: [
      {
        name: "times",
        title: targetFields.times.title,
        kind: "times",
        value: String(targetFields.times.default),
      },
      ...inputs,
      {
        name: "on",
        title: targetFields.on.title,
        kind: "choice",
        value: "",
        choices: ["", ...targetFields.on.enum],
      },
      {
        name: "skip",
        title: targetFields.skip.title,
        kind: "number",
        value: "",
        min: targetFields.skip.minimum,
      },
    ],
  };
}

function inputOf(name: string, field: FaultField, preset: string | number = ""): Input {
  const value = String(preset || field.default || "");
  const base = { name, title: field.title, value };
  if (field.enum) return { ...base, kind: "choice", choices: field.enum };
  if (field.type === "object") {
    const [example = {}] = field.examples ?? [];
    const lines = Object.entries(example as object).map(([header, text]) => `${header}: ${text}`);
    return { ...base, kind: "lines", value: lines.join("\n") };
  }
  if (field.type !== "integer" && field.type !== "number") return { ...base, kind: "text" };
  const min = field.minimum ?? field.exclusiveMinimum;
  return { ...base, kind: "number", ...(min !== undefined && { min }) };
}
