import { describe, expect, it } from "vitest";
import type { DownloadProgress, SaveOptions } from "../file/options.js";
import { testClock } from "../testing/download-clock.js";
import { testFolder } from "../testing/folder.js";
import { soon } from "../testing/poll.js";
import { answer, chunked, rawServer, whole } from "../testing/raw-server.js";
import { downloadTo, type RequestOptions } from "./download.js";

const S = Buffer.from("0123456789");

/** Saves the answer of a server as `f` in an empty folder. */
async function save(answers: Parameters<typeof rawServer>, options: SaveOptions & RequestOptions = {}) {
  const server = await rawServer(...answers);
  const folder = await testFolder();
  const result = await downloadTo(server.url(), folder.file("f"), { clock: testClock(), ...options }).catch(
    (error: unknown) => error,
  );
  return { result, server, folder, names: await folder.names() };
}

describe("plain transfers", () => {
  it("1. saves a body with its length, under the target's name only when it is whole", async () => {
    const seen: string[][] = [];
    const folder = await testFolder();
    const server = await rawServer(async (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
      await soon(folder.names).toHaveLength(1);
      seen.push(await folder.names());
      socket.write("56789");
    });
    const result = await downloadTo(server.url(), folder.file("f"));
    expect(result).toMatchObject({
      sizeBytes: 10,
      attempts: 1,
      resumed: 0,
      restarted: 0,
      integrity: "length",
      path: folder.file("f"),
    });
    expect(seen).toEqual([[expect.stringMatching(/^\.f\.[\da-f]{12}\.part$/)]]);
    expect(await folder.names()).toEqual(["f"]);
    expect(await folder.read("f")).toEqual(S);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.headers).toMatchObject({ "accept-encoding": "identity" });
  });

  it("2. saves a chunked body, whose size nobody knows before its end", async () => {
    const progress: DownloadProgress[] = [];
    const { result, folder } = await save([chunked([S.subarray(0, 4), S.subarray(4)])], {
      onProgress: (event) => progress.push(event),
    });
    expect(result).toMatchObject({ integrity: "framing", sizeBytes: 10 });
    expect(await folder.read("f")).toEqual(S);
    expect(progress[0]).toMatchObject({ bytes: 0, totalBytes: undefined, done: false });
    expect(progress.at(-1)).toMatchObject({ bytes: 10, totalBytes: 10, done: true });
  });

  it("3. says that nothing is proved of a body that ends with its connection, and refuses it where proof is demanded", async () => {
    const answers = [answer("200 OK", S, "fin")];
    expect((await save(answers as [(typeof answers)[0]])).result).toMatchObject({
      integrity: "none",
      sizeBytes: 10,
    });
    for (const requireIntegrity of ["framing", "length", "digest"] as const) {
      const { result, names, server } = await save([answer("200 OK", S, "fin")], { requireIntegrity });
      expect(result).toMatchObject({ code: "INCOMPLETE_UNVERIFIABLE" });
      expect(names).toEqual([]);
      expect(server.requests).toHaveLength(1);
    }
  });

  it("4. takes the size that the caller knows as proof", async () => {
    const known = await save([answer("200 OK", S, "fin")], { expected: { sizeBytes: 10 } });
    expect(known.result).toMatchObject({ integrity: "length" });
    for (const sizeBytes of [9, 11]) {
      const { result, names } = await save([answer("200 OK", S, "fin")], { expected: { sizeBytes } });
      expect(result).toMatchObject({ code: "SIZE_MISMATCH" });
      expect(names).toEqual([]);
    }
  });

  it("5. saves an empty file, unless it may not be one", async () => {
    const empty = await save([whole(Buffer.alloc(0))]);
    expect(empty.result).toMatchObject({ sizeBytes: 0, integrity: "length" });
    expect(await empty.folder.read("f")).toHaveLength(0);
    for (const options of [{ minBytes: 1 }, { expected: { sizeBytes: 10 } }]) {
      const { result, names } = await save([whole(Buffer.alloc(0))], options);
      expect(result).toMatchObject({ code: "SIZE_MISMATCH" });
      expect(names).toEqual([]);
    }
  });

  it.each(["204 No Content", "205 Reset Content"])("6. %s is no empty file", async (status) => {
    const { result, names, server } = await save([answer([status, "Content-Length: 0"])]);
    expect(result).toMatchObject({ code: "NO_CONTENT" });
    expect(names).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it("7. a 202 is not the file; the error has what it says", async () => {
    const body = `{"status":"export being prepared"}${" ".repeat(20_000)}`;
    const { result, names } = await save([
      answer(["202 Accepted", "Retry-After: 30", `Content-Length: ${body.length}`], body),
    ]);
    expect(result).toMatchObject({ code: "UNEXPECTED_STATUS", status: 202, retryAfterMs: 30_000 });
    expect((result as { body: string }).body).toMatch(/^{"status":"export being prepared"}/);
    expect((result as { body: string }).body).toHaveLength(8192);
    expect((result as Error).message).toContain("export being prepared");
    expect(JSON.stringify(result)).not.toContain("prepared");
    expect(names).toEqual([]);
  });

  it("8. reads little of a 404's long body and leaves no connection", async () => {
    let sent = 0;
    const { result, names, server } = await save([
      (socket) => {
        socket.write(`HTTP/1.1 404 Not Found\r\nContent-Length: ${2 ** 31}\r\n\r\n`);
        const more = () => {
          while (!socket.destroyed && socket.write(Buffer.alloc(65_536, "x"))) sent += 65_536;
          if (!socket.destroyed) socket.once("drain", more);
        };
        more();
      },
    ]);
    expect(result).toMatchObject({ code: "HTTP_STATUS", status: 404 });
    expect((result as { body: string }).body).toHaveLength(8192);
    expect((result as Error).message.length).toBeLessThan(300);
    expect(names).toEqual([]);
    expect(server.requests).toHaveLength(1);
    await soon(() => server.open.size).toBe(0);
    expect(sent).toBeLessThan(16 * 2 ** 20);
  });

  it("9. refuses a login page before a byte of it is written", async () => {
    const page = "<html><title>Sign in</title></html>";
    const html = answer(
      ["200 OK", "Content-Type: text/html; charset=utf-8", `Content-Length: ${page.length}`],
      page,
    );
    const { result, names } = await save([html], { expectType: ["text/csv", "application/zip"] });
    expect(result).toMatchObject({ code: "UNEXPECTED_TYPE", body: page });
    expect(names).toEqual([]);
    expect((await save([html], { expectType: "text/*" })).result).toMatchObject({ sizeBytes: page.length });
    expect((await save([whole(S)], { expectType: "text/csv" })).result).toMatchObject({
      code: "UNEXPECTED_TYPE",
    });
  });

  it("10. refuses a body that does not begin as the file should", async () => {
    const body = '{"error":"no such export"}';
    const json = chunked(
      [...body].map((char) => Buffer.from(char)),
      { headers: ["Content-Type: application/json"] },
    );
    const { result, names, server } = await save([json], { sniff: "PK\x03\x04" });
    expect(result).toMatchObject({ code: "UNEXPECTED_CONTENT" });
    expect(names).toEqual([]);
    expect(server.requests).toHaveLength(1);
    const zip = whole(Buffer.from("PK\x03\x04..."), ["Content-Type: application/zip"]);
    expect((await save([zip], { sniff: "PK\x03\x04" })).result).toMatchObject({ sizeBytes: 7 });
    expect((await save([zip], { sniff: (head) => head.length === 8 })).result).toMatchObject({
      code: "UNEXPECTED_CONTENT",
    });
    const noZip = whole(Buffer.from(body), ["Content-Type: application/zip"]);
    expect((await save([noZip])).result).toMatchObject({ code: "UNEXPECTED_CONTENT" });
  });

  it("11. a part that nobody asked for is not the file", async () => {
    const { result, names, server } = await save([
      answer(["206 Partial Content", "Content-Length: 5", "Content-Range: bytes 0-4/10"], "01234"),
    ]);
    expect(result).toMatchObject({ code: "UNEXPECTED_STATUS", status: 206 });
    expect(names).toEqual([]);
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });

  it.each([
    ["two lengths", ["Content-Length: 5", "Content-Length: 10"], S.toString()],
    [
      "a length and chunks",
      ["Content-Length: 5", "Transfer-Encoding: chunked"],
      "a\r\n0123456789\r\n0\r\n\r\n",
    ],
  ])("13. %s never cut the file silently", async (_what, headers, body) => {
    const { result, folder, names } = await save([answer(["200 OK", ...headers], body, "fin")]);
    if (result instanceof Error) expect(names).toEqual([]);
    else expect(await folder.read("f")).toEqual(S);
  });

  it("16. a body of 100,000 single bytes makes few writes and few events", async () => {
    const clock = testClock();
    let events = 0;
    const body = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
    const { result, folder } = await save(
      [chunked(Array.from(body, (_, index) => body.subarray(index, index + 1)))],
      { clock, onProgress: () => events++ },
    );
    expect(result).toMatchObject({ sizeBytes: 100_000 });
    expect((await folder.read("f")).equals(body)).toBe(true);
    expect(events).toBe(2); // the clock stands still: the first and the last one
  });

  it("17. three downloads into one directory do not meet", async () => {
    const folder = await testFolder();
    const server = await rawServer((socket, request, index) =>
      whole(Buffer.from(request.path.repeat(50_000)))(socket, request, index),
    );
    const names = ["a", "b", "c"];
    await Promise.all(names.map((name) => downloadTo(server.url(`/${name}`), `${folder.path}/`)));
    expect(await folder.names()).toEqual(names);
    for (const name of names) expect((await folder.read(name)).toString()).toBe(`/${name}`.repeat(50_000));
  });

  it("18. of two downloads to one name exactly one wins", async () => {
    const folder = await testFolder();
    const server = await rawServer((socket, request, index) =>
      whole(Buffer.alloc(300_000, request.path.at(-1)))(socket, request, index),
    );
    const results = await Promise.allSettled(
      ["/a", "/b"].map((path) => downloadTo(server.url(path), folder.file("f"))),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "TARGET_EXISTS" },
    });
    expect(await folder.names()).toEqual(["f"]);
    expect(new Set(await folder.read("f")).size).toBe(1);
  });
});
