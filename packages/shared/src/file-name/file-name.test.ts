import { describe, expect, it } from "vitest";
import { fileNameFromHeader } from "./header.js";
import { safeFileName } from "./safe.js";

/** Number, name, header with bytes above 0x7f as one character each, what is parsed, what is saved. The vectors are those of RFC 6266/8187 and of browsers and downloaders. */
const headers: [number, string, string, string?, string?][] = [
  [1, "inlonly", "inline"],
  [2, "inlonlyquoted", '"inline"'],
  [4, "inlwithfnattach", 'inline; filename="Not an attachment!"', "Not an attachment!", "Not an attachment!"],
  [5, "attonlyquoted", '"attachment"'],
  [
    7,
    "attwithasciifilename35",
    'attachment; filename="00000000001111111111222222222233333"',
    "00000000001111111111222222222233333",
    "00000000001111111111222222222233333",
  ],
  [8, "attwithasciifnescapedchar", 'attachment; filename="f\\oo.html"', "foo.html", "foo.html"],
  [
    10,
    "attwithquotedsemicolon",
    'attachment; filename="Here\'s a semicolon;.html"',
    "Here's a semicolon;.html",
    "Here's a semicolon;.html",
  ],
  [11, "attwithfilenameandextparam", 'attachment; foo="bar"; filename="foo.html"', "foo.html", "foo.html"],
  [13, "attwithasciifilenameucase", 'attachment; FILENAME="foo.html"', "foo.html", "foo.html"],
  [14, "attwithasciifilenamenq", "attachment; filename=foo.html", "foo.html", "foo.html"],
  [16, "attwithasciifilenamenqs", "attachment; filename=foo.html ;", "foo.html", "foo.html"],
  [17, "attemptyparam", "attachment; ;filename=foo", "foo", "foo"],
  [19, "attwithfntokensq", "attachment; filename='foo.bar'", "'foo.bar'", "'foo.bar'"],
  [20, "attwithisofnplain", 'attachment; filename="foo-ä.html"', "foo-ä.html", "foo-ä.html"],
  [22, "attwithfnrawpctenca", 'attachment; filename="foo-%41.html"', "foo-%41.html", "foo-%41.html"],
  [23, "attwithfnusingpct", 'attachment; filename="50%.html"', "50%.html", "50%.html"],
  [25, "attwithnamepct", 'attachment; name="foo-%41.html"'],
  [
    26,
    "attwithfnrawpctenclong",
    'attachment; filename="foo-%c3%a4-%e2%82%ac.html"',
    "foo-ä-€.html",
    "foo-ä-€.html",
  ],
  [28, "attwith2filenames", 'attachment; filename="foo.html"; filename="bar.html"', "foo.html", "foo.html"],
  [29, "attfnbrokentoken", "attachment; filename=foo[1](2).html", "foo[1](2).html", "foo[1](2).html"],
  [31, "attfnbrokentokenutf", "attachment; filename=foo-Ã¤.html", "foo-ä.html", "foo-ä.html"],
  [32, "attmissingdisposition", "filename=foo.html", "foo.html", "foo.html"],
  [34, "attmissingdisposition3", '"foo; filename=bar;baz"; filename=qux', "qux", "qux"],
  [
    35,
    "attmissingdisposition4",
    "filename=foo.html, filename=bar.html",
    "foo.html, filename=bar.html",
    "foo.html, filename=bar.html",
  ],
  [37, "doublecolon", ": inline; attachment; filename=foo.html", "foo.html", "foo.html"],
  [38, "attandinline", "inline; attachment; filename=foo.html", "foo.html", "foo.html"],
  [40, "attbrokenquotedfn", 'attachment; filename="foo.html".txt', "foo.html", "foo.html"],
  [41, "attbrokenquotedfn2", 'attachment; filename="bar', "bar", "bar"],
  [
    43,
    "attmultinstances",
    "attachment; filename=foo.html, attachment; filename=bar.html",
    "foo.html",
    "foo.html",
  ],
  [44, "attmissingdelim", "attachment; foo=foo filename=bar"],
  [46, "attmissingdelim3", "attachment filename=bar"],
  [47, "attreversed", "filename=foo.html; attachment", "foo.html", "foo.html"],
  [49, "attabspath", 'attachment; filename="/foo.html"', "/foo.html", "_foo.html"],
  [50, "attabspathwin", 'attachment; filename="\\\\foo.html"', "\\foo.html", "_foo.html"],
  [52, "dispext", "foobar"],
  [53, "dispextbadfn", 'attachment; example="filename=example.txt"'],
  [55, "attwithisofn2231iso", "attachment; filename*=iso-8859-1''foo-%E4.html", "foo-ä.html", "foo-ä.html"],
  [
    56,
    "attwithfn2231utf8",
    "attachment; filename*=UTF-8''foo-%c3%a4-%e2%82%ac.html",
    "foo-ä-€.html",
    "foo-ä-€.html",
  ],
  [
    58,
    "attwithfn2231utf8comp",
    "attachment; filename*=UTF-8''foo-a%cc%88.html",
    "foo-a\u0308.html",
    "foo-ä.html",
  ],
  [59, "attwithfn2231utf8-bad", "attachment; filename*=iso-8859-1''foo-%c3%a4-%e2%82%ac.html"],
  [61, "attwithfn2231ws1", "attachment; filename *=UTF-8''foo-%c3%a4.html"],
  [62, "attwithfn2231ws2", "attachment; filename*= UTF-8''foo-%c3%a4.html", "foo-ä.html", "foo-ä.html"],
  [64, "attwithfn2231quot", "attachment; filename*=\"UTF-8''foo-%c3%a4.html\"", "foo-ä.html", "foo-ä.html"],
  [65, "attwithfn2231quot2", 'attachment; filename*="foo%20bar.html"'],
  [67, "attwithfn2231nbadpct1", "attachment; filename*=UTF-8''foo%"],
  [68, "attwithfn2231nbadpct2", "attachment; filename*=UTF-8''f%oo.html"],
  [
    70,
    "attwithfn2231abspathdisguised",
    "attachment; filename*=UTF-8''%5cfoo.html",
    "\\foo.html",
    "_foo.html",
  ],
  [71, "attfncont", 'attachment; filename*0="foo."; filename*1="html"'],
  [73, "attfncontord", 'attachment; filename*1="bar"; filename*0="foo"'],
  [
    74,
    "attfnboth",
    "attachment; filename=\"foo-ae.html\"; filename*=UTF-8''foo-%c3%a4.html",
    "foo-ä.html",
    "foo-ä.html",
  ],
  [
    76,
    "attfnboth3",
    "attachment; filename*0*=ISO-8859-15''euro-sign%3d%a4; filename*=ISO-8859-1''currency-sign%3d%a4",
    "currency-sign=¤",
    "currency-sign=¤",
  ],
  [77, "attrfc2047token", "attachment; filename==?ISO-8859-1?Q?foo-=E4.html?=", "foo-ä.html", "foo-ä.html"],
  [79, "rfc6266-ex3", "attachment; filename*= UTF-8''%e2%82%ac%20rates", "€ rates", "€ rates"],
  [
    80,
    "star-undecodable falls back",
    "attachment; filename*=ISO-8859-15''euro%FF%; filename=euro",
    "euro",
    "euro",
  ],
  [
    82,
    "ff-one-quote+fallback",
    "attachment; filename*=UTF-8'foo-%41.html; filename=bar.html",
    "bar.html",
    "bar.html",
  ],
  [
    83,
    "cr-pct-utf8",
    'attachment; filename="%EC%98%88%EC%88%A0%20%EC%98%88%EC%88%A0.jpg"',
    "예술 예술.jpg",
    "예술 예술.jpg",
  ],
  [85, "cr-pct-not-utf8", "attachment; filename=%B7%DD%BD%D1.png", "%B7%DD%BD%D1.png", "%B7%DD%BD%D1.png"],
  [86, "cr-pct-ascii", 'inline; filename="abc%20de.pdf"', "abc%20de.pdf", "abc%20de.pdf"],
  [88, "cr-2047-euc-kr", "attachment; filename==?eUc-Kr?b?v7m8+iAzLnBuZw==?=", "예술 3.png", "예술 3.png"],
  [89, "cr-2047-bad", "attachment; filename==?iso88591?Q?caf=EG?="],
  [91, "cr-unbalanced", 'filename="abcdef.pdf', "abcdef.pdf", "abcdef.pdf"],
  [92, "cr-star-bad-charset", "attachment; filename*=bogus_charset''foo.html"],
  [94, "cr-star-euc-jp", "attachment; filename*=EUC-JP''%B7%DD%BD%D13%2Epng", "芸術3.png", "芸術3.png"],
  [95, "cr-star-space", "attachment; filename*=utf-8''%F0%90%8C%B0 3.png", "𐌰 3.png", "𐌰 3.png"],
  [97, "wget-star-quoted", 'attachment; filename="A.ext"; filename*="B.ext"', "A.ext", "A.ext"],
  [98, "curl-1313", "inline; filename='name1313", "'name1313", "'name1313"],
  [100, "curl-1584", "filename=log/server/name1584", "log/server/name1584", "log_server_name1584"],
  [101, "aria2-empty", 'attachment; filename=""'],
  [103, "aria2-dotdot", 'attachment; filename=".."', ".."],
  [
    104,
    "aria2-pct-traversal",
    'attachment; filename="%2E%2E%2Ffoo.html"',
    "%2E%2E%2Ffoo.html",
    "%2E%2E%2Ffoo.html",
  ],
  [106, "ff-openquote-only", 'attachment; filename="'],
  [107, "ff-escape-at-end", 'attachment; filename="\\b\\a\\', "ba\\", "ba_"],
  [
    109,
    "vendor: unquoted date",
    "attachment; filename=Export 2024-01-02.csv",
    "Export 2024-01-02.csv",
    "Export 2024-01-02.csv",
  ],
  [
    110,
    "vendor: slash date",
    'attachment; filename="Sales 01/02/2024.csv"',
    "Sales 01/02/2024.csv",
    "Sales 01_02_2024.csv",
  ],
  [
    112,
    "vendor: size params",
    'attachment; size=12; filename="r.csv"; modification-date="x"',
    "r.csv",
    "r.csv",
  ],
  [
    113,
    "vendor: utf8 raw",
    'attachment; filename="Ð¾Ñ\u0082Ñ\u0087Ñ\u0091Ñ\u0082.csv"',
    "отчёт.csv",
    "отчёт.csv",
  ],
  [
    115,
    "star traversal",
    "attachment; filename*=UTF-8''..%2f..%2fetc%2fpasswd",
    "../../etc/passwd",
    "_.._etc_passwd",
  ],
  [116, "nul", "attachment; filename*=UTF-8''foo%00bar.jpg", "foo\u0000bar.jpg", "foo_bar.jpg"],
];

describe("the name in a Content-Disposition header", () => {
  it.each(headers)("%i. %s", (_number, _name, header, parsed, saved) => {
    const name = fileNameFromHeader(header);
    expect(name).toBe(parsed);
    expect(safeFileName(name ?? "")).toBe(saved);
  });

  it("reads a header of 16 KiB of blanks, quotes or backslashes before the test's time is over", () => {
    for (const junk of [" ", '"', "\\", "=?", "; ", "%"])
      fileNameFromHeader(`attachment; filename${junk.repeat(16_384)}`);
    for (const junk of ["\\a", "%41", "=?a?q?", " ="])
      fileNameFromHeader(`attachment; filename="${junk.repeat(8192)}`);
    expect(fileNameFromHeader("attachment")).toBeUndefined();
  });
});

/** Number, a name, the same one made safe. */
const names: [number, string, string?][] = [
  [1, "basicfile.png", "basicfile.png"],
  [2, "  whitespace.png  ", "whitespace.png"],
  [4, "  \u00a0 \u00a0 extrawhitespace.png  \u00a0 \u00a0 ", "extrawhitespace.png"],
  [5, "  filename  with  whitespace.png  ", "filename with whitespace.png"],
  [7, "\\path*and/$?~file.png", "_path_and_$_~file.png"],
  [8, " happy\u061c\u2069.png", "happy__.png"],
  [10, ".png", "png"],
  [11, ".butterpecan.icecream", "butterpecan.icecream"],
  [13, "..test", "test"],
  [14, "."],
  [16, "..."],
  [17, ". . . . ."],
  [19, "..\\..\\a_file_name.txt", "_.._a_file_name.txt"],
  [20, "<blink>Hello kitty</blink>", "_blink_Hello kitty__blink_"],
  [22, "foo\u0000bar.jpg", "foo_bar.jpg"],
  [23, "evil.exe ", "evil.exe"],
  [25, "evil.exe.  .  .", "evil.exe"],
  [26, "meh.exe\u00a0", "meh.exe"],
  [28, "COM4.txt", "_COM4.txt"],
  [29, "lpt1.TXT", "_lpt1.TXT"],
  [31, "con", "_con"],
  [32, "con.zip", "_con.zip"],
  [34, "aux .csv", "_aux .csv"],
  [35, "com¹.csv", "_com¹.csv"],
  [37, "CONOUT$", "_CONOUT$"],
  [38, "Setup.exe.local", "Setup.exe.local.download"],
  [40, "filename.url", "filename.url.download"],
  [41, "filename.scf", "filename.scf.download"],
  [43, "Desktop.ini", "_Desktop.ini"],
  [44, "Thumbs.db", "_Thumbs.db"],
  [46, "a:b.csv", "a_b.csv"],
  [47, "C:\\Users\\me\\r.csv", "C__Users_me_r.csv"],
  [49, "zero\u200bwidth.csv", "zerowidth.csv"],
  [50, "bom\ufefffile.csv", "bomfile.csv"],
  [52, "岡\u3000岡.txt", "岡\u3000岡.txt"],
  [53, "line\u2028sep.csv", "line_sep.csv"],
  [55, "😀.csv", "😀.csv"],
  [56, "-rf.csv", "-rf.csv"],
  [64, "   "],
  [65, ""],
  [67, "tab\there.csv", "tab here.csv"],
  [68, "Q1|Q2?.csv", "Q1_Q2_.csv"],
  [58, `${"a".repeat(300)}.csv`, `${"a".repeat(251)}.csv`],
  [59, `${"é".repeat(200)}.csv`, `${"é".repeat(125)}.csv`],
  [61, `${"12345678".repeat(31)}abcdefgh.png`, `${"12345678".repeat(31)}abc.png`],
  [62, `${"x".repeat(260)}.tar.gz`, `${"x".repeat(248)}.tar.gz`],
];

describe("a name made safe", () => {
  it.each(names)("%i. %j", (_number, name, saved) => {
    expect(safeFileName(name)).toBe(saved);
  });

  it("stays as it is when it is made safe again", () => {
    for (const [, name] of names) {
      const safe = safeFileName(name);
      if (safe) expect(safeFileName(safe)).toBe(safe);
    }
  });
});
