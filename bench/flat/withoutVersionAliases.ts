/**
 * The flat program with as few aliases as the components register, so that the comparison measures only the components.
 */
import * as pulumi from "@pulumi/pulumi";
import { dropVersionAliases } from "@bastion-trail/components/shared/versionAliases";
import flat from "./program.ts";

export default async function flatWithoutVersionAliases() {
  pulumi.runtime.registerStackTransformation(dropVersionAliases);
  return flat();
}
