import { byId, setText } from "./dom.js";
import type { View } from "./view.js";

/** Creates the environment lines, with a button that copies them. */
export function createEnvironment(view: View) {
  const lines = byId<HTMLTextAreaElement>("environment");
  const button = byId<HTMLButtonElement>("copy");
  let timer: number | undefined;
  button.addEventListener("click", async () => {
    const word = await copy(lines);
    setText(button, word === "copied" ? "Copied" : "Press Ctrl-C");
    setText(
      byId("copied"),
      word === "copied" ? "The environment is copied." : "The environment is marked; copy it.",
    );
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      setText(button, "Copy");
      setText(byId("copied"), "");
    }, 3000);
  });
  return {
    /** Shows the lines of the vendors that are shown. */
    show(): void {
      lines.value = view
        .shown()
        .map(({ environment }) => environment.join("\n"))
        .join("\n\n");
    },
  };
}

/** Copies a text. Where the browser does not let the page, it marks the text for a person to copy. */
async function copy(element: HTMLTextAreaElement): Promise<"copied" | "marked"> {
  try {
    await navigator.clipboard.writeText(`${element.value}\n`);
    return "copied";
  } catch {
    element.focus();
    element.select();
    return "marked";
  }
}
