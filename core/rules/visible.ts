/**
 * Makes text from a log safe to display. Anybody who tries to log in chooses the account and the user agent, which may
 * contain an escape sequence that moves the cursor, or invisible characters that make two people look like one.
 */

/** Control and format characters, spaces other than the plain one, and characters that fonts show as nothing. */
const invisible = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;

/** Look-alikes of the hyphen and the minus sign. Dashes of printed text are longer. */
const lookAlike = /(?![-\u2013\u2014])[\p{Pd}\u2212\u2043]/u;

/**
 * A letter of another alphabet in a Latin word, such as a Cyrillic "а" in "ada" (UTS #39, mixed-script confusables).
 */
const mixedWord = /[\p{L}\p{M}\p{N}]*\p{Script=Latin}[\p{L}\p{M}\p{N}]*/gu;
const foreign =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/gu;

/**
 * Commands to a pipeline in its output: of Azure Pipelines and of older GitHub runners anywhere in a line, of GitHub at its
 * start (azure-pipelines-agent, Command.cs; actions/runner, ActionCommand.cs).
 */
const command = /#(?=#(?:vso)?\[)|^:(?=:.*::)/gi;
const isCommand = new RegExp(command, "i");

const plain = /^(?! )[\x20-\x5b\x5d-\x7e]*(?<! )$/;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Replaces each invisible character by its code point, such as `\u{1b}`. Texts that differ only in invisible
 * characters, in the encoding of an accent, in compatibility characters or in letters of another alphabet then look
 * different. Commands to a pipeline become text. Plain text is returned unchanged.
 */
export function visible(text: string): string {
  return plain.test(text) && !isCommand.test(text)
    ? text
    : outerSpaces(mixedScripts(hidden(text))).replaceAll(command, escaped);
}

function hidden(text: string): string {
  // Escapes text that spells such an escape itself.
  return Array.from(graphemes.segment(text.replaceAll("\\u{", "\\u{5c}u{")), ({ segment }) => {
    // The same letter with its accent in another encoding.
    const isOther = segment.normalize("NFC") !== segment;
    return Array.from(segment, (one) => (isHidden(one) || (isOther && one > "\x7e") ? escaped(one) : one)).join("");
  }).join("");
}

function isHidden(character: string): boolean {
  return invisible.test(character) || lookAlike.test(character) || standsForAnother(character);
}

/**
 * Compatibility characters, such as a wide or mathematical "a". An ellipsis, which normalises to three dots, does not
 * look like a letter.
 */
function standsForAnother(character: string): boolean {
  const other = character.normalize("NFKC");
  return other !== character && (other.length === 1 || /^[\p{L}\p{N}]+$/u.test(other));
}

function mixedScripts(text: string): string {
  return text.replaceAll(mixedWord, (word) => word.replaceAll(foreign, escaped));
}

function outerSpaces(text: string): string {
  return text.replaceAll(/^ +| +$/g, (spaces) => Array.from(spaces, escaped).join(""));
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** JSON with control characters for terminals and commands to a pipeline escaped as `\u009b`. It parses to the same document. */
export function visibleJson(value: unknown): string {
  const text = JSON.stringify(value);
  return inJson.test(text) ? text.replaceAll(inJsonEach, escapedUnits) : text;
}

/** `JSON.stringify` escapes only the control characters below the space. */
const inJson = /[\x7f-\x9f\p{Cf}\u2028\u2029]|#(?=#(?:vso)?\[)/iu;
const inJsonEach = new RegExp(inJson, "giu");

function escapedUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
