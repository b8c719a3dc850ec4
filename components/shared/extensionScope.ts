import * as pulumi from "@pulumi/pulumi";

/**
 * Returns options of an extension resource, such as a lock or a diagnostic setting, that keep `pulumi import` from
 * replacing it.
 *
 * azure-native compares the id of the extended resource as text, and replaces the extension if it differs. An import
 * reads that id without its leading slash. Therefore the input itself is ignored, and a normalized form of the id
 * triggers replacement.
 *
 * @param input - name of the input that holds the id: `scope` or `resourceUri`.
 * @param id - ARM id of the extended resource.
 */
export function keptByScope(input: string, id: pulumi.Input<string>): pulumi.CustomResourceOptions {
  return {
    ignoreChanges: [input],
    replacementTrigger: pulumi.output(id).apply((text) => text.replace(/^\//, "").toLowerCase()),
  };
}
