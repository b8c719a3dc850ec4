import { formedArguments, givenArguments } from "./argumentForms.ts";
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
}

/** @param className - the name of the component's class. */
export function componentType<Args extends object>(className: string): ComponentType<Args> {
  const token = `bastion-trail:index:${className}`;
  const subject = (name: string): string => `${className} "${name}"`;
  return {
    token,
    subject,
    given: (name, args) => givenArguments(subject(name), args),
    formed: (args) => formedArguments(token, args),
  };
}
