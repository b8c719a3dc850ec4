import assert from "node:assert/strict";
import fc from "fast-check";
import { visible, visibleJson } from "../../../core/rules/visible.ts";
import { propertyRuns } from "../../propertyRuns.ts";

describe("text from a log, made visible", () => {
  const shown: readonly (readonly [what: string, text: string, seen: string])[] = [
    ["what is plain, as it is", "ada@example.com", "ada@example.com"],
    ["letters of one alphabet, as they are", "Łukasz, 李小龍, Ада", "Łukasz, 李小龍, Ада"],
    ["emoji and dashes, as they are", "on call 🚀 – today…", "on call 🚀 – today…"],
    ["an escape sequence", "ada@\u001B[0mexample.com", "ada@\\u{1b}[0mexample.com"],
    ["a C1 control character", "\u009B2J", "\\u{9b}2J"],
    ["a line break and a tab", "a\r\n\tb", "a\\u{d}\\u{a}\\u{9}b"],
    ["a zero-width space", "a\u200Bda", "a\\u{200b}da"],
    ["a byte order mark", "\uFEFFada", "\\u{feff}ada"],
    ["a change of the direction of writing", "\u202Egro.elpmaxe", "\\u{202e}gro.elpmaxe"],
    ["a tag character", "ada\u{E0041}", "ada\\u{e0041}"],
    ["a filler that fonts leave blank", "ada\u3164", "ada\\u{3164}"],
    ["a no-break space", "ada\u00A0king", "ada\\u{a0}king"],
    ["spaces at the ends", " ada  king ", "\\u{20}ada  king\\u{20}"],
    ["a wide letter", "\uFF41da", "\\u{ff41}da"],
    ["a mathematical letter", "\u{1D68A}da", "\\u{1d68a}da"],
    ["an accent of its own, not its letter", "Ren\u0065\u0301", "Rene\\u{301}"],
    ["a Cyrillic letter in a Latin word", "\u0430da@example.com", "\\u{430}da@example.com"],
    ["a hyphen that is not the keyboard's", "web\u20101", "web\\u{2010}1"],
    ["half of a surrogate pair", "a\uD800", "a\\u{d800}"],
    ["a text that spells an escape", "ada\\u{1b}", "ada\\u{5c}u{1b}"],
    ["a domain account, as it is", "CORP\\ada", "CORP\\ada"],
    ["a command to Azure Pipelines", "a ##vso[task.setvariable x]y", "a \\u{23}#vso[task.setvariable x]y"],
    ["a command to an older GitHub runner", "###[Error]x", "#\\u{23}#[Error]x"],
    ["a command to GitHub Actions", "::error::x", "\\u{3a}:error::x"],
    ["an IPv6 address and hashes, as they are", "::ffff:10.0.0.1 ## [x]", "::ffff:10.0.0.1 ## [x]"],
    ["nothing", "", ""],
  ];
  for (const [what, text, seen] of shown) {
    it(`shows ${what}`, () => {
      assert.equal(visible(text), seen);
    });
  }

  it("shows two different texts differently", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "a",
        "\\",
        "u{",
        "5c}",
        "}",
        " ",
        "\u0000",
        "\u001B",
        "\u0301",
        "e\u0301",
        "é",
        "\u200B",
        "\u0430",
        "ａ",
        "İ",
      ),
      fc.string({ unit: "binary", maxLength: 2 }),
    );
    const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, text, (one, other) => {
        assert.equal(visible(one) === visible(other), one === other);
      }),
      propertyRuns(2000),
    );
  });

  it("leaves nothing that a terminal would act on", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.doesNotMatch(visible(text), /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
      }),
    );
  });
});

describe("JSON for a terminal", () => {
  it("is the same document, without what a terminal would act on", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const json = visibleJson({ text });
        assert.deepEqual(JSON.parse(json), { text });
        assert.doesNotMatch(json, /[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
    );
  });

  it("has no commands to a pipeline", () => {
    assert.equal(visibleJson("##vso[x] ##[y] ##z"), '"\\u0023#vso[x] \\u0023#[y] ##z"');
  });

  it("escapes by UTF-16 code units", () => {
    assert.equal(visibleJson("\u009B2J \u202E \u{E0041}"), '"\\u009b2J \\u202e \\udb40\\udc41"');
  });
});
