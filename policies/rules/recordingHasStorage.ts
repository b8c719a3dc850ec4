import { bastionHosts } from "../bastion.ts";
import { type AzureResource, type Deployment, leadsTo, ofType } from "../deployment.ts";
import type { StackPolicy } from "../policy.ts";
import { isSet, list, record, text } from "../values.ts";

/**
 * While recording is on, Bastion refuses every session if it has no container to write to. The container's SAS URL is
 * set on the host outside ARM, so the policy checks the CORS rule for the recordings' player instead, which ties an
 * account to this host (session-recording.md).
 */
export const recordingHasStorage: StackPolicy<object> = {
  name: "recording-has-storage",
  description: "A Bastion host that records sessions has a storage container for the recordings.",
  judge: (deployment) =>
    bastionHosts(deployment)
      .filter(({ properties }) => properties.enableSessionRecording === true)
      .filter((host) => !isSet(host.properties.sessionRecordingConfiguration) && !hasPlayer(deployment, host))
      .map((host) => ({
        resource: host,
        message:
          "Session recording is on, and no storage account of this stack lets this host's player read: " +
          "without a container for the recordings Bastion refuses every session.",
      })),
};

function hasPlayer(deployment: Deployment, host: AzureResource): boolean {
  const accounts = ofType(deployment, "storage:BlobContainer").flatMap((container) =>
    container.madeFrom("accountName"),
  );
  return ofType(deployment, "storage:BlobServiceProperties").some(
    (service) => allows(service, host) && service.madeFrom("accountName").some((account) => accounts.includes(account)),
  );
}

function allows(service: AzureResource, host: AzureResource): boolean {
  const origins = list(record(service.properties.cors).corsRules).flatMap((rule) => list(record(rule).allowedOrigins));
  const { dnsName } = host.properties;
  // Azure compares the origin case-sensitively.
  return (
    leadsTo(service, "cors", host) ||
    (text(dnsName) !== undefined && origins.includes(`https://${text(dnsName) ?? ""}`))
  );
}
