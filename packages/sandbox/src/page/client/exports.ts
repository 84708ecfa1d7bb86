import { byId, call, create, setText } from "./dom.js";
import type { ExampleInfo, JobInfo } from "./messages.js";
import type { View } from "./view.js";

/** Creates the list of exports, and the form that starts an example. */
export function createExports(view: View) {
  const list = byId("exports");
  const rows = new Map<string, ReturnType<typeof createRow>>();
  const workflow = byId<HTMLSelectElement>("workflow");
  const told = byId("example");

  const tell = (text: string, state: string): void => {
    told.dataset["state"] = state;
    setText(told, text);
    // Progress is for the eye; the ear is told how it ends.
    if (state !== "running") setText(byId("example-told"), text);
  };
  byId<HTMLFormElement>("start").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await call("POST", `vendors/${workflow.value}`);
    } catch (error) {
      tell(String((error as Error).message), "bad"); // `call` throws nothing else
    }
  });

  return {
    /** Shows the exports as they are now, the latest first. */
    show(): void {
      const jobs = view
        .shown()
        .flatMap(({ name }) => (view.jobs.get(name) ?? []).map((job) => ({ vendor: name, job })))
        .reverse() // of those that started in the same instant, the later one comes first
        .sort((a, b) => b.job.createdAt - a.job.createdAt)
        .slice(0, view.hello?.keep.exports);
      const keys = new Set<string>();
      for (const [index, { vendor, job }] of jobs.entries()) {
        const key = `${vendor} ${job.workflow} ${job.id}`;
        keys.add(key);
        const row = rows.get(key) ?? createRow(vendor, job);
        rows.set(key, row);
        row.show(job);
        if (list.children[index] !== row.element)
          list.insertBefore(row.element, list.children[index] ?? null);
      }
      for (const [key, row] of rows) {
        if (keys.has(key)) continue;
        row.element.remove();
        rows.delete(key);
      }
      setText(byId("exports-count"), String(jobs.length));
      byId("no-exports").hidden = jobs.length > 0;
    },
    /** Offers the examples of the vendors that are shown. */
    offer(): void {
      const before = workflow.value;
      workflow.replaceChildren(
        ...view
          .shown()
          .flatMap(({ name, workflows }) =>
            workflows.map((id) => create("option", { value: `${name}/examples/${id}` }, `${name} ${id}`)),
          ),
      );
      if ([...workflow.options].some(({ value }) => value === before)) workflow.value = before;
    },
    /** Tells how far an example is. */
    example({ vendor, workflow: id, text, isDone, isGood }: ExampleInfo): void {
      tell(`${vendor} ${id}: ${text}`, isDone ? (isGood ? "good" : "bad") : "running");
    },
  };
}

function createRow(vendor: string, { id, workflow, fileName }: JobInfo) {
  const state = create("span", { class: "state" });
  const bar = create("progress", { max: 1, "aria-label": `how far ${workflow} ${id} is` });
  const polls = create("span", { class: "polls" });
  const element = create(
    "li",
    { class: "job" },
    create(
      "div",
      { class: "job-head" },
      state,
      create("strong", {}, workflow),
      create("span", { class: "tag" }, vendor),
    ),
    bar,
    create(
      "div",
      { class: "job-foot" },
      create("code", { title: id }, id),
      polls,
      create("span", { class: "file" }, fileName),
    ),
  );
  return {
    element,
    show(job: JobInfo): void {
      state.dataset["state"] = job.state;
      setText(state, job.state);
      bar.value = job.fraction;
      bar.hidden = job.fraction >= 1;
      setText(polls, job.polls === 1 ? "1 poll" : `${job.polls} polls`);
    },
  };
}
