/** An input of a switch, made from a field of a fault. */
export interface Input {
  readonly name: string;
  readonly title: string;
  readonly kind: "number" | "text" | "lines" | "choice" | "times";
  readonly value: string;
  readonly min?: number;
  readonly choices?: readonly string[];
}

/** A switch of the page: a fault that it turns on, with what can be said of it. */
export interface Switch {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly kind: string;
  /** The fields that make it another switch than that of its kind. */
  readonly set: Readonly<Record<string, string | number>>;
  readonly inputs: readonly Input[];
}

/** A vendor as the page shows it. */
export interface VendorInfo {
  readonly name: string;
  readonly baseUrl: string;
  /** The lines that set the environment of a shell. */
  readonly environment: readonly string[];
  readonly workflows: readonly string[];
}

/** An export as the page shows it. */
export interface JobInfo {
  readonly id: string;
  readonly workflow: string;
  readonly state: string;
  readonly fraction: number;
  readonly polls: number;
  readonly createdAt: number;
  readonly fileName: string;
}

/** A fault that is on. */
export interface FaultInfo {
  readonly id: number;
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly left: number | "always";
}

/** A request as the page shows it. */
export interface RequestInfo {
  readonly vendor: string;
  readonly number: number;
  readonly at: number;
  readonly method: string;
  /** The path in the spec, without the values of the request. */
  readonly path: string | undefined;
  readonly operation: string | undefined;
  readonly job: string | undefined;
  readonly status: number | undefined;
  readonly endedAt: number | undefined;
  readonly fault: string | undefined;
}

/** How far an example export is. */
export interface ExampleInfo {
  readonly vendor: string;
  readonly workflow: string;
  readonly text: string;
  readonly isDone: boolean;
  readonly isGood: boolean;
}

/** What the server tells the page, by the name of the event. */
export interface Messages {
  /** The first event of a connection: all that does not change. */
  hello: {
    readonly vendors: readonly VendorInfo[];
    readonly switches: readonly Switch[];
    /** The most requests and exports that the page keeps. */
    readonly keep: { readonly requests: number; readonly exports: number };
  };
  /** The exports and faults of a vendor, as they are now. */
  vendor: {
    readonly name: string;
    readonly jobs: readonly JobInfo[];
    readonly faults: readonly FaultInfo[];
  };
  /** Requests that are new, or were answered. */
  requests: readonly RequestInfo[];
  /** A vendor forgot its requests. */
  reset: { readonly vendor: string };
  example: ExampleInfo;
}
