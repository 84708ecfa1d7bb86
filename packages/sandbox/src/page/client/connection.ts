import { byId, setText } from "./dom.js";
import type { Messages } from "./messages.js";

type Handlers = { readonly [Name in keyof Messages]: (data: Messages[Name]) => void };

/** The time between two tries, where the browser does not try again by itself. */
const RETRY_MS = 1500;

/** Listens to the server's events, and comes again after the connection was lost. Shows whether it is there. */
export function listenTo(address: string, handlers: Handlers): void {
  const state = byId("connection");
  const gone = byId("gone");
  const show = (word: "live" | "gone"): void => {
    state.dataset["state"] = word;
    setText(state, word);
    document.body.classList.toggle("is-gone", word === "gone");
    gone.hidden = word === "live";
    setText(
      gone,
      word === "live"
        ? ""
        : "The sandbox is gone. Start it again on this port, and the page goes on by itself.",
    );
  };

  function connect(): void {
    const source = new EventSource(address);
    source.addEventListener("open", () => show("live"));
    source.addEventListener("error", () => {
      show("gone");
      if (source.readyState === EventSource.CLOSED) window.setTimeout(connect, RETRY_MS);
    });
    for (const [name, handler] of Object.entries(handlers))
      source.addEventListener(
        name,
        ({ data }: MessageEvent<string>) => (handler as (data: unknown) => void)(JSON.parse(data)), // the server sends what `Messages` says
      );
  }
  connect();
}
