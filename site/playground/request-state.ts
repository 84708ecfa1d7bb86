import type { Manifest, ManifestWorkflow } from "@outhaul/spec";
import { computed, reactive, ref, watch } from "vue";
import { type FormField, type FormValues, formOf, requestOf, valuesOf } from "./form.js";
import { vendors } from "./vendors.js";

/** What is chosen and written in the form, and what it comes to. */
export interface RequestState {
  vendorName: string;
  workflowId: string;
  sizeBytes: number;
  values: FormValues;
  readonly manifest: Manifest | undefined;
  readonly workflow: ManifestWorkflow | undefined;
  readonly fields: readonly FormField[];
  readonly request: { readonly value?: Record<string, unknown>; readonly problem?: string };
}

/** Begins with the example of the first export of the first vendor. */
export function useRequest(): RequestState {
  const vendorName = ref(vendors[0]?.vendor ?? "");
  const manifest = computed(() => vendors.find(({ vendor }) => vendor === vendorName.value) ?? vendors[0]);
  const workflowId = ref(manifest.value?.workflows[0]?.id ?? "");
  const workflow = computed(
    () => manifest.value?.workflows.find(({ id }) => id === workflowId.value) ?? manifest.value?.workflows[0],
  );
  const fields = computed(() =>
    manifest.value && workflow.value ? formOf(manifest.value, workflow.value) : [],
  );
  const values = ref<FormValues>({});
  const sizeBytes = ref(20_000);
  watch(vendorName, () => {
    workflowId.value = manifest.value?.workflows[0]?.id ?? "";
  });
  watch(
    fields,
    () => {
      values.value = valuesOf(fields.value, workflow.value?.example ?? {});
    },
    { immediate: true },
  );
  const request = computed(() => {
    try {
      return { value: requestOf(fields.value, values.value) };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  });
  return reactive({ vendorName, manifest, workflowId, workflow, fields, values, sizeBytes, request });
}
