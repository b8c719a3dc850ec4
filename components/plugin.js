/**
 * The components as a Pulumi plugin, for programs in any language. Pulumi's host for plugins loads it as a CommonJS module, so it is plain
 * JavaScript and awaits nothing at its top; the components are TypeScript, which Node runs.
 */
import { ComponentResource } from "@pulumi/pulumi";
import { componentProviderHost } from "@pulumi/pulumi/provider/experimental/index.js";
import * as exported from "./index.ts";

// It serves until the engine ends it. An error that nobody handles is told by Pulumi's host.
void componentProviderHost({
  // Not from the package's name, as Pulumi would make it: the tokens are `bastion-trail:index:*`.
  name: "bastion-trail",
  dirname: import.meta.dirname,
  components: Object.values(exported).filter((value) => value.prototype instanceof ComponentResource),
});
