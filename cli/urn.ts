/**
 * The parts of a Pulumi URN: `urn:pulumi:STACK::PROJECT::PARENT_TYPE$TYPE::NAME` (pulumi, sdk/go/common/resource/urn).
 */
export interface UrnParts {
  readonly type: string;
  /** Type of the parent resource; `undefined` if the parent is the stack. */
  readonly parentType: string | undefined;
  /** Name in the program; may contain `::`. */
  readonly name: string;
}

export function urnParts(urn: string): UrnParts {
  const [, , types = "", ...name] = urn.split("::");
  const [type = "", parentType] = types.split("$").reverse();
  return { type, parentType, name: name.join("::") };
}
