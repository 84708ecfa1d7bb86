import { createServer } from "node:http";

/** A vendor that ends its batch with a word that today's spec does not know, and tells who asked. */
export async function startVendor(word: string) {
  const agents: string[] = [];
  const server = createServer((request, response) => {
    agents.push(request.headers["user-agent"] ?? "");
    request.resume();
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(request.method === "POST" ? { batchId: "7" } : { id: 7, status: word }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}`, agents, close: () => server.close() };
}
