import * as pulumi from "@pulumi/pulumi";

/**
 * Returns options of a component that drop aliases which its children do not need.
 *
 * azure-native gives each resource an alias for every API version that ever existed, up to 60, for stacks created under
 * `azure-native:network/v20240101:Subnet` instead of `azure-native:network:Subnet`. These components never used such a
 * type, so none of their stacks contains one. Pulumi's SDK turns each alias into a chain of promises, which account for
 * most of the time and memory of a program with many resources. All other aliases are kept, such as that of a renamed
 * type.
 */
export function withoutVersionAliases(
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.ComponentResourceOptions {
  return pulumi.mergeOptions(opts, { transformations: [dropVersionAliases] });
}

/** Removes the aliases of a resource for types of one API version. */
export const dropVersionAliases: pulumi.ResourceTransformation = ({ props, opts }) => {
  // The aliases that an SDK adds are a plain list.
  if (!Array.isArray(opts.aliases)) return undefined;
  const aliases = opts.aliases.filter((alias) => !isOfOneVersion(alias));
  return { props, opts: { ...opts, aliases } };
};

/** Whether the alias is one like `{ type: "azure-native:network/v20240101preview:Subnet" }`. */
function isOfOneVersion(alias: pulumi.Input<pulumi.URN | pulumi.Alias>): boolean {
  return (
    typeof alias === "object" &&
    "type" in alias &&
    typeof alias.type === "string" &&
    /^azure-native:\w+\/v\d{8}/.test(alias.type)
  );
}
