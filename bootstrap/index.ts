/** The program: prepares a subscription so that a pipeline can deploy to it. */
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import { DefenderPlan } from "@bastion-trail/components";
import { armClient } from "@bastion-trail/components/shared/armClient";
import { readCaller } from "./caller.ts";
import { loadConfig } from "./config.ts";
import { namesOf } from "./names.ts";
import { type BootstrapOutputs, outputsOf } from "./outputs.ts";
import { auditorTrust, deployerTrust, pipelineIdentity, readerTrust } from "./pipelineIdentity.ts";
import type { Place } from "./place.ts";
import { registeredProviders } from "./providers.ts";
import { giveRights } from "./giveRights.ts";
import { Rights } from "./rights.ts";
import { secretsKey } from "./secretsKey.ts";
import { lockState, stateBackend } from "./stateBackend.ts";

/** Deploys what the stack's config describes. The engine calls it and stores the result as the stack's outputs. */
export default async function bootstrap(): Promise<pulumi.Inputs & BootstrapOutputs> {
  const config = loadConfig();
  const { location, namePrefix } = config;
  const { principal: caller, ...subscription } = await readCaller();
  const names = namesOf({ ...subscription, location, namePrefix });
  const registered = registeredProviders(subscription.subscriptionId);
  const group = new ResourceGroup("group", { resourceGroupName: names.resourceGroup, location });
  const place: Place = { ...subscription, names, location, registered, resourceGroupName: group.name };

  const backend = stateBackend(place);
  const secrets = await secretsKey(place, await armClient({}));
  const reader = pipelineIdentity("reader", readerTrust(config), place);
  const auditor = pipelineIdentity("auditor", auditorTrust(config), place);
  const deployer = pipelineIdentity("deployer", deployerTrust(config), place);
  if (config.managesDefenderPlan) {
    const { subscriptionId } = subscription;
    new DefenderPlan("defender", { subscriptionId }, { dependsOn: registered["Microsoft.Security"] });
  }

  const rights = new Rights(place);
  const onState = giveRights(rights, config, { backend, secrets, reader, auditor, deployer, caller });
  lockState(backend, onState);

  return outputsOf({ ...subscription, names, backend, secrets, reader, auditor, deployer });
}
