import { reasonOf } from "../errors/system-reason.js";

/** What the library says to programmers, and what somebody at the command line can do about it. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [
    / exists; to replace it or to save beside it say so with the option overwrite$/,
    " is there already; --overwrite replace takes its place, --overwrite rename saves beside it",
  ],
  [/; write to it through a stream$/, "; --output - writes to stdout"],
  [/ The job may still go on at the vendor: resume it with the error's token$/, ""],
  [/give it a longer "timeoutMs"/, "give it a longer --timeout"],
  [/but requireIntegrity asks for/, "but --require-integrity asks for"],
  [/; without decompress it is kept/, "; without --decompress it is kept"],
  [/; save them with parts: "apart"$/, "; save them with --parts apart, in a folder"],
  [/; pass job\.token, whole$/, "; give it whole"],
  [
    /; make the client with the options of that account$/,
    "; name its profile with --profile (outhaul whoami)",
  ],
];

/** The message of an error of the library, in the words of the command line and of the system. */
export function inOwnWords(message: string, systemCode: string | undefined): string {
  let text = message;
  for (const [words, own] of WORDS) text = text.replace(words, own);
  return systemCode === undefined || !text.endsWith(`: ${systemCode}`)
    ? text
    : `${text.slice(0, -systemCode.length)}${reasonOf({ code: systemCode })}`;
}
