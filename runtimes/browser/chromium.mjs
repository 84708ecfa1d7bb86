// Debian's Chromium without a window, and without anything that it would do on a network by itself.
import { program } from "../install.mjs";

export async function launchChromium() {
  const executablePath = program("chromium");
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
