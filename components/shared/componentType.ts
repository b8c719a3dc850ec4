import { type ArgumentRules, formedArguments, givenArguments, ruledArguments } from "./argumentForms.ts";
import type { Problem } from "./problem.ts";
import type { FormedArguments } from "./validate.ts";

/** How a component names itself, and how it reads its arguments. */
export interface ComponentType<Args extends object> {
  /** Its type in Pulumi, for example `bastion-trail:index:BastionHost`. */
  readonly token: string;
  /** Returns what an error calls a component of this type, for example `BastionHost "main"`. */
  readonly subject: (name: string) => string;
  /** See {@link givenArguments}. */
  readonly given: (name: string, args: Args) => Args;
  /** See {@link formedArguments}. */
  readonly formed: (args: Args) => FormedArguments<Args>;
  /** Returns the problems that the component's rules for single arguments find in those that are already known. */
  readonly ruled: (args: Partial<Args>) => Problem[];
}

/**
 * @param className - the name of the component's class.
 * @param rules - its rules for single arguments.
 */
export function componentType<Args extends object>(className: string, rules: ArgumentRules = {}): ComponentType<Args> {
  const token = `bastion-trail:index:${className}`;
  const subject = (name: string): string => `${className} "${name}"`;
  return {
    token,
    subject,
    given: (name, args) => givenArguments(token, subject(name), args, rules),
    formed: (args) => formedArguments(token, args),
    ruled: (args) => ruledArguments(args, rules),
  };
}
