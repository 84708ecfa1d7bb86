import { faultSchema } from "../fault/check-fault.js";
import { jobOptionsSchema } from "../job/job-options.js";
import type { NamedSchema } from "../schema/validate.js";

/** The schema of what may be posted about exports. */
export const jobChangeSchema = {
  name: "_sandbox jobs",
  schema: {
    ...jobOptionsSchema,
    properties: { ...jobOptionsSchema.properties, job: { type: "string" } },
  },
  coerceTypes: false,
} as const satisfies NamedSchema;

/** The schema of a fault that is posted. */
export const postedFaultSchema: NamedSchema = {
  name: "_sandbox faults",
  schema: faultSchema,
  coerceTypes: false,
};
