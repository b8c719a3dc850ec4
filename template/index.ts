/** The program: an audited, just-in-time access path to VMs, and the links to its evidence. */
import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig.js";
import * as pulumi from "@pulumi/pulumi";
import { refuseUnfitAdoptions } from "@bastion-trail/program/adopted";
import * as trail from "@bastion-trail/components";
import { loadConfig } from "@bastion-trail/program/config/index";
import { evidenceSettings, holdsEvidence, keepEvidence } from "@bastion-trail/program/evidence";
import { keepFlowLogs } from "@bastion-trail/program/flowLogs";
import { inTurn } from "@bastion-trail/program/inTurn";
import { stackOutputs, type StackOutputs } from "@bastion-trail/program/outputs";

/** Deploys what the stack's config describes. The engine calls it and stores the result as the stack's outputs. */
export default async function deploy(): Promise<StackOutputs> {
  const config = await loadConfig();
  const { location, tags, lock, allowEvidenceLoss } = config;
  if (allowEvidenceLoss) {
    await pulumi.log.warn(
      `${pulumi.getProject()}:allowEvidenceLoss is true: changes that lose evidence are not refused. Remove it after this deployment.`,
    );
  }
  await refuseUnfitAdoptions(config);
  const { subscriptionId, tenantId } = getClientConfigOutput();
  const group = new trail.EvidenceGroup("group", {
    resourceGroupName: config.namePrefix,
    location,
    subscriptionId,
    holdsEvidence: holdsEvidence(config),
    evidence: evidenceSettings(config),
    vms: config.vms.map(({ name, login }) => ({ name, login })),
    lock,
    allowEvidenceLoss,
    tags,
  });
  const common = { resourceGroupName: group.name, location, tags };

  const network = new trail.BastionNetwork("network", { ...common, ...config.network });
  const recording = config.bastion.sessionRecording
    ? new trail.RecordingContainer("recording", { ...common, lock })
    : undefined;
  const bastion = new trail.BastionHost("bastion", {
    ...common,
    ...config.bastion,
    ...(config.bastion.sku === trail.BastionSku.Developer
      ? { virtualNetworkId: network.virtualNetworkId }
      : { bastionSubnetId: network.bastionSubnetId }),
    recordingContainerUrl: recording?.containerUrl,
  });
  if (recording) {
    const { accountName } = recording;
    new trail.RecordingPlayback("playback", { ...common, accountName, bastionDnsName: bastion.dnsName });
  }

  const evidence = keepEvidence(config, { ...common, bastion, subscriptionId });
  const flowLogs = keepFlowLogs(config, {
    ...common,
    vmSubnetId: network.vmSubnetId,
    workspace: evidence?.workspace,
  });
  const ownHost = config.bastion.existingBastionHostId === undefined;
  if (ownHost) {
    const locked = { scope: bastion.hostId, level: lock, notes: "The audited way to the virtual machines." };
    // The lock also covers the diagnostic setting, so it must be deleted before the setting.
    trail.lockResource("bastion-lock", locked, { dependsOn: evidence?.diagnostics ?? [] });
  }

  const plan = config.managesDefenderPlan ? [new trail.DefenderPlan("defender", { subscriptionId })] : [];
  const access = {
    bastionSubnetPrefix: network.bastionSubnetPrefix,
    passwordVaultId: config.passwordVaultId,
    sessionsRecorded: ownHost ? config.bastion.sessionRecording : bastion.recordsSessions,
  };
  const vms = await inTurn(
    config.vms,
    ({ name, subnetId, ...settings }) => {
      const vmSubnetId = subnetId ?? network.vmSubnetId;
      const args = { ...common, ...access, ...settings, virtualMachineName: name, vmSubnetId, lock };
      return new trail.JitVirtualMachine(name, args, { dependsOn: plan });
    },
    ({ jitPolicyId }) => jitPolicyId,
  );

  return stackOutputs({ config, subscriptionId, tenantId, network, bastion, evidence, flowLogs, vms });
}
