import { createHash } from "node:crypto";
import html from "./client/index.html";

/** The page, and the headers that keep it from anything but itself. */
export function pageDocument(): { html: string; headers: Record<string, string> } {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf("script")}'`,
    `style-src '${hashOf("style")}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ];
  return {
    html,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy.join("; "),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    },
  };
}

/** The hash of the page's only element of a name, as a policy names it (CSP 3 §8.4). */
function hashOf(element: "script" | "style"): string {
  const [, text = ""] = html.split(new RegExp(`</?${element}>`));
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
