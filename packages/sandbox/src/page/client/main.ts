import { listenTo } from "./connection.js";
import { byId, call, create } from "./dom.js";
import { createEnvironment } from "./environment.js";
import { createExports } from "./exports.js";
import { createFaults } from "./faults.js";
import { createRequests } from "./requests.js";
import { PageState } from "./view.js";

const state = new PageState();
const exports = createExports(state);
const requests = createRequests(state);
const faults = createFaults(state);
const environment = createEnvironment(state);
/** True until the requests that were there before have come. */
let isFirst = true;

function showAll(): void {
  exports.offer();
  exports.show();
  requests.show();
  faults.show();
  environment.show();
}

/** Offers the vendors to choose from. */
function offerVendors(): void {
  const names = (state.hello?.vendors ?? []).map(({ name }) => name);
  const choice = (value: string, text: string) => {
    const input = create("input", { type: "radio", name: "vendor", value, id: `vendor-${value}` });
    input.checked = value === (state.chosen ?? "");
    input.addEventListener("change", () => {
      state.chosen = value === "" ? undefined : value;
      showAll();
    });
    return [input, create("label", { for: `vendor-${value}` }, text)];
  };
  byId("vendors").replaceChildren(...choice("", "All"), ...names.flatMap((name) => choice(name, name)));
}

byId("reset").addEventListener("click", async () => {
  for (const { name } of state.shown()) await call("POST", `vendors/${name}/_sandbox/reset`).catch(() => {});
});

listenTo("events", {
  hello(hello) {
    isFirst = true;
    state.begin(hello);
    requests.clear();
    offerVendors();
    faults.build();
    showAll();
  },
  vendor({ name, jobs, faults: active }) {
    state.jobs.set(name, jobs);
    state.faults.set(name, active);
    exports.show();
    faults.show();
  },
  requests(infos) {
    requests.add(infos, { isNew: !isFirst });
    isFirst = false;
  },
  reset({ vendor }) {
    requests.clear(vendor);
  },
  example(info) {
    exports.example(info);
  },
});
