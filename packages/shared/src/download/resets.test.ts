import { describe, expect, it } from "vitest";
import { testClock } from "../testing/download-clock.js";
import { type Answer, answer, rawServer } from "../testing/raw-server.js";
import { download } from "./download.js";

const BODY = "x".repeat(188);
const HEAD = ["200 OK", 'ETag: "v0"', "Connection: close"];

/** The bytes, and a reset right behind them: a busy client sees both at once. */
const cut: Answer = (socket, request, index) => {
  answer(HEAD, BODY)(socket, request, index);
  setTimeout(() => {
    socket.resetAndDestroy();
    stand(40);
  }, 5);
  stand(15);
};

/** Keeps the process busy. */
function stand(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe.each<[string, { fetch?: typeof fetch }]>([
  ["node:http", {}],
  ["fetch", { fetch: globalThis.fetch }],
])("1.2 a body without a length, in a process that is busy (%s)", (_, transport) => {
  const options = () => ({ ...transport, clock: testClock(), retry: { attempts: 1 } });

  it("is no file where a reset comes right behind its bytes", async () => {
    for (let round = 0; round < 20; round++) {
      const server = await rawServer(cut);
      const result = download(server.url(), options()).then((file) => file.bytes());
      await expect(result).rejects.toMatchObject({ code: "INCOMPLETE" });
    }
  });

  it("is the file where its connection ends", async () => {
    for (let round = 0; round < 20; round++) {
      const server = await rawServer((socket, request, index) => {
        answer(HEAD, BODY, "fin")(socket, request, index);
        setTimeout(() => stand(15), 1);
      });
      expect(await (await download(server.url(), options())).text()).toBe(BODY);
    }
  });
});
