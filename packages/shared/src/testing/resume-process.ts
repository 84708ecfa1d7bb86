import { createClient } from "../client.js";
import { definition } from "./fake-vendor.js";

/** For the tests: goes on with a job in a process of its own, and says how it ends. */
const [, , baseUrl = "", token = ""] = process.argv;
const client = createClient(definition, { baseUrl, token: "secret-token" });
const job = client.resume(token);
try {
  const { state, polls } = await job.wait({ schedule: () => 1 });
  console.log(JSON.stringify({ state, polls, token: job.token }));
} catch (error) {
  console.log(
    JSON.stringify({ state: job.snapshot.state, message: error instanceof Error ? error.message : error }),
  );
}
