/**
 * Conditions of role assignments (Azure RBAC, conditions-format.md): `!`, `AND`, `OR` and parentheses over checks of
 * the action and of attributes of the request or the resource. Any other element of a condition is refused when it is
 * assigned.
 */

/** Facts that a condition is evaluated on. */
export interface ConditionFacts {
  /** For example `Microsoft.Authorization/roleAssignments/write`. */
  readonly action: string;
  /** Values by attribute, such as `Microsoft.Authorization/roleAssignments:PrincipalType`. */
  readonly request: Readonly<Record<string, string>>;
  readonly resource: Readonly<Record<string, string>>;
}

export type Condition = (facts: ConditionFacts) => boolean;

const tokenForm =
  /\s*(?:(?<word>AND\b|OR\b|NOT\b|&&|\|\||[!()])|(?<match>(?:Sub)?OperationMatches|ActionMatches)\s*\{\s*'(?<action>[^']*)'\s*\}|@(?<source>Request|Resource)\[(?<attribute>[^\]]+)\]\s*(?<operator>[A-Za-z:]+)\s*(?<values>\{[^}]*\}|'[^']*'))/gy;

/** Comparisons by operator. */
const operators: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringNotEquals: (value, wanted) => value !== wanted,
  StringEqualsIgnoreCase: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  StringNotEqualsIgnoreCase: (value, wanted) => value.toLowerCase() !== wanted.toLowerCase(),
  StringStartsWith: (value, wanted) => value.startsWith(wanted),
  StringLike: (value, wanted) =>
    new RegExp(
      `^${wanted
        .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
    ).test(value),
  GuidEquals: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  GuidNotEquals: (value, wanted) => value.toLowerCase() !== wanted.toLowerCase(),
};

/** Parses a condition. @returns the reason, as text, if it is malformed. */
export function parseCondition(text: string): Condition | string {
  const tokens: RegExpExecArray["groups"][] = [];
  tokenForm.lastIndex = 0;
  while (text.slice(tokenForm.lastIndex).trim() !== "") {
    const start = tokenForm.lastIndex;
    const token = tokenForm.exec(text);
    if (token === null) return `unexpected text at position ${start + 1}`;
    tokens.push(token.groups);
  }
  try {
    const parser = new Parser(tokens);
    const condition = parser.either();
    return parser.isAtEnd ? condition : "unexpected text after the expression";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

class Parser {
  readonly #tokens: readonly RegExpExecArray["groups"][];
  #next = 0;

  constructor(tokens: readonly RegExpExecArray["groups"][]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  either(): Condition {
    let left = this.#both();
    while (this.#takes("OR", "||")) {
      const [first, second] = [left, this.#both()];
      left = (facts) => first(facts) || second(facts);
    }
    return left;
  }

  #both(): Condition {
    let left = this.#one();
    while (this.#takes("AND", "&&")) {
      const [first, second] = [left, this.#one()];
      left = (facts) => first(facts) && second(facts);
    }
    return left;
  }

  #one(): Condition {
    if (this.#takes("!", "NOT")) {
      const inner = this.#one();
      return (facts) => !inner(facts);
    }
    if (this.#takes("(")) {
      const inner = this.either();
      if (!this.#takes(")")) throw new Error("a parenthesis is not closed");
      return inner;
    }
    const token = this.#tokens[this.#next];
    this.#next += 1;
    if (token?.match !== undefined) return matching(token.match, token.action ?? "");
    if (token?.attribute !== undefined) return comparing(token);
    throw new Error("an expression is missing");
  }

  #takes(...words: readonly string[]): boolean {
    const word = this.#tokens[this.#next]?.word;
    if (word === undefined || !words.includes(word)) return false;
    this.#next += 1;
    return true;
  }
}

function matching(what: string, action: string): Condition {
  if (what !== "ActionMatches") throw new Error(`${what} is not supported`);
  return (facts) => facts.action.toLowerCase() === action.toLowerCase();
}

function comparing({
  source,
  attribute = "",
  operator = "",
  values = "",
}: Readonly<Record<string, string>>): Condition {
  const [, quantifier, name = ""] = /^(?:(ForAnyOfAnyValues):)?(\w+)$/.exec(operator) ?? [];
  const compare = operators[name];
  if (compare === undefined) throw new Error(`the operator ${operator} is not supported`);
  const wanted = values
    .replace(/^\{|\}$/g, "")
    .split(",")
    .map((value) => value.trim().replace(/^'|'$/g, ""));
  if (quantifier === undefined && wanted.length > 1) throw new Error(`the operator ${operator} takes one value`);
  return ({ request, resource }) => {
    const value = (source === "Request" ? request : resource)[attribute];
    return value !== undefined && wanted.some((one) => compare(value, one));
  };
}
