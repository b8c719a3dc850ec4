/** What a URN of Pulumi says: `urn:pulumi:STACK::PROJECT::PARENT_TYPE$TYPE::NAME` (pulumi, sdk/go/common/resource/urn). */
export interface UrnParts {
  readonly type: string;
  /** Type of the resource that it belongs to; `undefined` where it belongs to the stack. */
  readonly parentType: string | undefined;
  /** In the program; it may have `::` in it. */
  readonly name: string;
}

export function urnParts(urn: string): UrnParts {
  const [, , types = "", ...name] = urn.split("::");
  const [type = "", parentType] = types.split("$").reverse();
  return { type, parentType, name: name.join("::") };
}
