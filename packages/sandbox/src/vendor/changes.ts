import type { RequestRecord } from "../request/request-log.js";

/** A change of a vendor: a request came in or was answered, its exports or faults changed, or all was forgotten. A request may change exports and faults as well. */
export type Change =
  | { readonly kind: "request"; readonly record: RequestRecord }
  | { readonly kind: "exports" | "faults" | "reset" };

/** Those who want to know of changes. */
export interface Changes {
  emit(change: Change): void;
  /** @returns what ends it */
  watch(onChange: (change: Change) => void): () => void;
}

/** Creates an empty list of watchers. */
export function createChanges(): Changes {
  const watchers = new Set<(change: Change) => void>();
  return {
    emit(change) {
      for (const watcher of watchers) watcher(change);
    },
    watch(onChange) {
      const watcher = (change: Change) => onChange(change);
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}
