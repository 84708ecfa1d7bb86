import { API_METHODS } from "./api-methods.js";
import type { ApiClient, OpenapiClient } from "./openapi-fetch.js";
import type { RequestDependencies } from "./step-requests.js";

export type { ApiClient };

type Middleware = Parameters<OpenapiClient["use"]>;
type Method = (...call: unknown[]) => Promise<unknown>;

/** Makes the typed client of all operations. openapi-fetch, which it is made with, is loaded at the first call. */
export function createApiClient<Paths extends {}>(dependencies: RequestDependencies): ApiClient<Paths> {
  const middleware: Middleware = [];
  let client: Record<string, Method> | undefined;
  let loading: Promise<Record<string, Method>> | undefined;

  async function load(): Promise<Record<string, Method>> {
    const { createApi } = await import("./api-requests.js");
    const api = createApi<Paths>(dependencies);
    if (middleware.length) api.use(...middleware);
    client = api as unknown as Record<string, Method>; // apart from their types the methods are all alike
    return client;
  }

  const api: Record<string, unknown> = {
    use(...added: Middleware) {
      if (client) (client as unknown as OpenapiClient).use(...added);
      else middleware.push(...added);
    },
    eject(...removed: Middleware) {
      if (client) (client as unknown as OpenapiClient).eject(...removed);
      for (const each of removed)
        if (middleware.includes(each)) middleware.splice(middleware.indexOf(each), 1);
    },
  };
  for (const name of [...API_METHODS, "request"]) {
    api[name] = (...call: unknown[]) => {
      if (client) return client[name]?.(...call);
      loading ??= load();
      return loading.then((loaded) => loaded[name]?.(...call));
    };
  }
  return api as unknown as ApiClient<Paths>; // it has every member of one
}
