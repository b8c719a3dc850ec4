import * as pulumi from "@pulumi/pulumi";

/**
 * Options of an extension resource, such as a lock or a diagnostic setting, that keep it through `pulumi import`.
 *
 * azure-native compares the id of what is extended as text, and replaces the resource when it differs. An import reads that id
 * without its leading slash. So the input itself is not compared; the id in one spelling decides.
 *
 * @param input - name of the input that holds the id: `scope` or `resourceUri`.
 * @param id - ARM id of what is extended.
 */
export function keptByScope(input: string, id: pulumi.Input<string>): pulumi.CustomResourceOptions {
  return {
    ignoreChanges: [input],
    replacementTrigger: pulumi.output(id).apply((text) => text.replace(/^\//, "").toLowerCase()),
  };
}
