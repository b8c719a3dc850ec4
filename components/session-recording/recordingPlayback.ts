import { BlobServiceProperties } from "@pulumi/azure-native/storage/blobServiceProperties.js";
import * as storage from "@pulumi/azure-native/types/enums/storage/index.js";
import * as pulumi from "@pulumi/pulumi";
import { componentType } from "../shared/componentType.ts";
import { softDeleteDays } from "../shared/logRetention.ts";
import { refuse } from "../shared/validate.ts";
import { withoutVersionAliases } from "../shared/versionAliases.ts";

/** Arguments of {@link RecordingPlayback}. */
export interface RecordingPlaybackArgs {
  /** Resource group of the storage account. */
  resourceGroupName: pulumi.Input<string>;
  /** Name of the storage account that holds the recordings. */
  accountName: pulumi.Input<string>;
  /** DNS name of the Bastion host, such as `bst-GUID.bastion.azure.com`. Azure compares it case-sensitively. */
  bastionDnsName: pulumi.Input<string>;
}

const component = componentType<RecordingPlaybackArgs>("RecordingPlayback", {
  accountName: (key, value) =>
    /^[a-z0-9]{3,24}$/.test(value) ? [] : [{ key, value, reason: "must be 3 to 24 lowercase letters and digits" }],
  bastionDnsName: (key, value) =>
    /^[a-z0-9]+(?:[.-][a-z0-9]+)+(?::\d+)?$/i.test(value)
      ? []
      : [{ key, value, reason: "must be a DNS name, without https:// before it" }],
});

/**
 * Lets the Bastion host's web player read session recordings: a CORS rule for GET from the host's address, with the
 * values of the documentation (azure-docs, session-recording.md).
 *
 * It is separate from `RecordingContainer` because the host needs the container before it has a DNS name. These are the
 * only blob service settings of the account, so soft delete is set here as well. Versioning is off, because recordings
 * do not support it.
 *
 * @throws ValidationError that names every refused input.
 */
export class RecordingPlayback extends pulumi.ComponentResource {
  /** The origin that can read the recordings: `https://` and the host's DNS name. */
  readonly allowedOrigin: pulumi.Output<string>;

  constructor(name: string, args: RecordingPlaybackArgs, opts?: pulumi.ComponentResourceOptions) {
    args = component.given(name, args);
    super(component.token, name, {}, withoutVersionAliases(opts));
    const formed = component.formed(args);
    refuse(component.subject(name), [...formed.problems, ...component.ruled(formed.args)]);
    const allowedOrigin = pulumi.interpolate`https://${args.bastionDnsName}`;
    new BlobServiceProperties(
      `${name}-recordings-blob-service`,
      {
        resourceGroupName: args.resourceGroupName,
        accountName: args.accountName,
        blobServicesName: "default",
        isVersioningEnabled: false,
        deleteRetentionPolicy: { enabled: true, days: softDeleteDays },
        containerDeleteRetentionPolicy: { enabled: true, days: softDeleteDays },
        cors: {
          corsRules: [
            {
              allowedOrigins: [allowedOrigin],
              allowedMethods: [storage.AllowedMethods.GET],
              allowedHeaders: ["*"],
              exposedHeaders: ["*"],
              maxAgeInSeconds: 86_400,
            },
          ],
        },
      },
      { parent: this },
    );
    this.allowedOrigin = allowedOrigin;
    this.registerOutputs({ allowedOrigin: this.allowedOrigin });
  }
}
