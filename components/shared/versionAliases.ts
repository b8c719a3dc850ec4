import * as pulumi from "@pulumi/pulumi";

/**
 * Options of a component that spare its children the aliases which they do not need.
 *
 * azure-native gives each resource an alias for every API version that there ever was, up to 60 of them, for stacks that were
 * made under `azure-native:network/v20240101:Subnet` instead of `azure-native:network:Subnet`. These components never used
 * such a type, so no stack of theirs holds one. Pulumi's SDK turns each alias into a chain of promises: they are most of what a
 * program of many resources costs in time and memory. Every other alias stays, such as one of a type that was renamed.
 */
export function withoutVersionAliases(
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.ComponentResourceOptions {
  return pulumi.mergeOptions(opts, { transformations: [dropVersionAliases] });
}

/** Leaves a resource its aliases but those of a type of one API version. */
export const dropVersionAliases: pulumi.ResourceTransformation = ({ props, opts }) => {
  // The aliases that an SDK adds are a plain list.
  if (!Array.isArray(opts.aliases)) return undefined;
  const aliases = opts.aliases.filter((alias) => !isOfOneVersion(alias));
  return { props, opts: { ...opts, aliases } };
};

/** Whether the alias is such as `{ type: "azure-native:network/v20240101preview:Subnet" }`. */
function isOfOneVersion(alias: pulumi.Input<pulumi.URN | pulumi.Alias>): boolean {
  return (
    typeof alias === "object" &&
    "type" in alias &&
    typeof alias.type === "string" &&
    /^azure-native:\w+\/v\d{8}/.test(alias.type)
  );
}
