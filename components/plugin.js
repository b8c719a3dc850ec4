/**
 * The components as a Pulumi plugin, for programs in any language. Pulumi's plugin host loads it as a CommonJS module,
 * so it is plain JavaScript without top-level await; the components are TypeScript, which Node runs.
 */
import { ComponentResource } from "@pulumi/pulumi";
import { componentProviderHost } from "@pulumi/pulumi/provider/experimental/index.js";
import * as exported from "./index.ts";

// It serves until the engine stops it. Pulumi's host reports unhandled errors.
void componentProviderHost({
  // Set explicitly, because Pulumi would derive it from the package's name: the tokens are `bastion-trail:index:*`.
  name: "bastion-trail",
  dirname: import.meta.dirname,
  components: Object.values(exported).filter((value) => value.prototype instanceof ComponentResource),
});
