import { copyFile, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { defineConfig, type Options } from "tsup";
import { common, declarations } from "../../tsup.config.js";
import { type Parts, partPlugins } from "./build/parts.js";

const parts: Parts = {
  eager: ["runtime", "src/runtime.ts"],
  lazy: {
    index: "src/index.ts",
    "platform.node": "src/platform/node/index.ts",
    "platform.web": "src/platform/web/index.ts",
    "agent-fetch": "src/platform/node/agent-fetch.ts",
    api: "src/client/api-requests.ts",
    body: "src/body/body.ts",
    "connection-reset": "src/platform/node/connection-reset.ts",
    cancel: "src/job/cancel.ts",
    decode: "src/platform/node/decode.ts",
    digests: "src/transfer/digests.ts",
    download: "src/download/open.ts",
    "fetch-transport": "src/http/fetch-transport.ts",
    forms: "src/encoding/form-body.ts",
    empty: "src/job/empty-export.ts",
    events: "src/job/events.ts",
    env: "src/options/environment.ts",
    "failure-reason": "src/workflow/failure-reason.ts",
    progress: "src/workflow/progress.ts",
    "file-names": "src/file-name/safe.ts",
    "file-types": "src/file/file-types.ts",
    link: "src/link/link.ts",
    "link-poll": "src/link/link-poll.ts",
    "long-limits": "src/turns/long-limits.ts",
    "one-step": "src/one-step.ts",
    "open-jobs": "src/turns/open-jobs.ts",
    "told-wait": "src/turns/told-wait.ts",
    files: "src/platform/node/files/index.ts",
    "further-step": "src/polling/further-step.ts",
    gzip: "src/gzip/gzip-source.ts",
    "key-in-query": "src/sign-in/key-in-query.ts",
    parts: "src/parts/parts-source.ts",
    "parts-folder": "src/platform/node/parts/parts-folder.ts",
    "gunzip.node": "src/platform/node/gunzip.ts",
    "gunzip.web": "src/platform/web/gunzip.ts",
    "find-lost-job": "src/job/find-lost-job.ts",
    "file-system": "src/platform/node/files/file-system.ts",
    "lost-create": "src/job/lost-create.ts",
    "stream-sink": "src/download/stream-sink.ts",
    "job-file": "src/job/file-source.ts",
    "node-transport": "src/platform/node/transport.ts",
    oauth2: "src/sign-in/oauth2.ts",
    "retry-policy": "src/transfer/retry-policy.ts",
    store: "src/store/index.ts",
    "trusted-origin": "src/sign-in/trusted-origin.ts",
    "poll-with-file": "src/polling/file-request.ts",
    "openapi-fetch": "src/client/openapi-fetch.ts",
    transport: "src/http/transport.ts",
  },
};

/** What users import by name; the rest is loaded by these. */
const typed = {
  index: "src/index.ts",
  runtime: "src/runtime.ts",
  cancel: "src/job/cancel.ts",
  "further-step": "src/polling/further-step.ts",
  "failure-reason": "src/workflow/failure-reason.ts",
  progress: "src/workflow/progress.ts",
  "find-lost-job": "src/job/find-lost-job.ts",
  empty: "src/job/empty-export.ts",
  env: "src/options/environment.ts",
  "one-step": "src/one-step.ts",
  "open-jobs": "src/turns/open-jobs.ts",
  "link-poll": "src/link/link-poll.ts",
  "long-limits": "src/turns/long-limits.ts",
  forms: "src/encoding/form-body.ts",
  gzip: "src/gzip/gzip-source.ts",
  "key-in-query": "src/sign-in/key-in-query.ts",
  oauth2: "src/sign-in/oauth2.ts",
  parts: "src/parts/parts-source.ts",
  "poll-with-file": "src/polling/file-request.ts",
  store: "src/store/index.ts",
  "trusted-origin": "src/sign-in/trusted-origin.ts",
};

/** Two builds share the folder, which is emptied once before them. */
const options: Options = { ...common, external: [/^#/, /^node:/], clean: false };

export default defineConfig(async () => {
  await rm("dist", { recursive: true, force: true });
  // `gunzip.web.js` holds pako, whose licence goes along.
  await mkdir("dist", { recursive: true });
  const pako = createRequire(import.meta.url).resolve("pako/package.json");
  await copyFile(join(pako, "../LICENSE"), "dist/gunzip.web.LICENSE");
  const plugins = await partPlugins(parts);
  const [name, source] = parts.eager;
  return [
    {
      ...options,
      entry: { [name]: source },
      splitting: false,
      esbuildPlugins: [plugins.eager],
      dts: await declarations(typed),
    },
    // Rollup sees that nothing of pako's deflate is used; esbuild keeps its tables.
    {
      ...options,
      entry: { ...parts.lazy },
      splitting: true,
      treeshake: true,
      esbuildPlugins: [plugins.lazy],
    },
  ];
});
