import { type Reply, textReply } from "../reply/reply.js";

/** An error in the format of Amazon S3, which most file stores share. */
export function xmlError(status: number, code: string, message: string, details = ""): Reply {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${details}<RequestId>SANDBOX</RequestId></Error>`;
  return textReply(status, "application/xml", text);
}

/** The error for a link that has expired. */
export function expiredError(expires: string, now: number): Reply {
  const [expiry, time] = [Number(expires) * 1000, now].map((ms) => new Date(ms).toISOString());
  return xmlError(
    403,
    "AccessDenied",
    "Request has expired",
    `<Expires>${expiry}</Expires><ServerTime>${time}</ServerTime>`,
  );
}
