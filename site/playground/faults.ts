import type { Fault } from "@outhaul/sandbox";
import { type FaultKind, faultKinds } from "../../packages/sandbox/src/fault/fault-kinds.js";

/** A switch that turns a fault on, as it comes without further values. */
export interface FaultSwitch {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly fault: Fault;
}

/** What a fault of a kind is given, where its kind alone says too little for people to see it. */
const VALUES: Readonly<Record<string, object>> = {
  error: { status: 503 },
  headers: { on: "file", headers: { "content-type": "text/html" } },
  slowBody: { bytesPerSecond: 40_000 },
  dropped: { on: "poll" },
  hang: { on: "poll" },
};

/** The switches: one for each kind of fault, and one for each of its presets. */
export const faultSwitches: readonly FaultSwitch[] = Object.entries<FaultKind>(faultKinds).flatMap(
  ([kind, { title, description, presets = [] }]) => [
    ...presets.map((preset, index) => ({
      id: `${kind}-${index}`,
      title: preset.title,
      description: preset.description,
      fault: { kind, ...preset.set, on: "poll" } as unknown as Fault, // the list of kinds says which fields there are
    })),
    {
      id: kind,
      title,
      description,
      fault: { kind, ...VALUES[kind] } as unknown as Fault, // as above
    },
  ],
);
