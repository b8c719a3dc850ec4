import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  RecordingContainer,
  type RecordingContainerArgs,
} from "../../components/session-recording/recordingContainer.ts";
import { RecordingPlayback } from "../../components/session-recording/recordingPlayback.ts";
import { idOf, recordProgram } from "./recordedProgram.ts";

const account = "azure-native:storage:StorageAccount";
const container = "azure-native:storage:BlobContainer";
const blobService = "azure-native:storage:BlobServiceProperties";

function deploy(args: Partial<RecordingContainerArgs>) {
  return recordProgram(
    () => {
      const { accountId, accountName, containerName, containerUrl } = new RecordingContainer("trail", {
        resourceGroupName: "rg",
        location: "westeurope",
        ...args,
      });
      return { accountId, accountName, containerName, containerUrl };
    },
    {
      outputs: (type, inputs) =>
        type === "random:index/randomString:RandomString"
          ? { result: "k3j9x2ab" }
          : type === account
            ? {
                name: inputs.accountName,
                primaryEndpoints: { blob: `https://${String(inputs.accountName)}.blob.core.windows.net/` },
              }
            : type === container
              ? { name: inputs.containerName }
              : {},
    },
  );
}

describe("RecordingContainer", () => {
  it("is a private container in an account of its own, which accepts its keys for the SAS URL", async () => {
    const { only, resources, result } = await deploy({});
    const { accountName, allowSharedKeyAccess, allowBlobPublicAccess, sku } = only(account).inputs;
    assert.deepEqual(
      { accountName, allowSharedKeyAccess, allowBlobPublicAccess, sku },
      {
        accountName: "recordingsk3j9x2ab",
        allowSharedKeyAccess: true,
        allowBlobPublicAccess: false,
        sku: { name: "Standard_LRS" },
      },
    );
    assert.deepEqual(only(container).inputs, {
      resourceGroupName: "rg",
      accountName: "recordingsk3j9x2ab",
      containerName: "session-recordings",
      publicAccess: "None",
    });
    assert.deepEqual([...new Set(resources.slice(1).map(({ parent }) => parent))], ["trail"]);
    assert.deepEqual(result, {
      accountId: idOf("trail-recordings"),
      accountName: "recordingsk3j9x2ab",
      containerName: "session-recordings",
      containerUrl: "https://recordingsk3j9x2ab.blob.core.windows.net/session-recordings",
    });
  });

  it("is locked after its container is there", async () => {
    const { only } = await deploy({ lock: "CanNotDelete" });
    const lock = only("azure-native:authorization:ManagementLockByScope");
    assert.equal(lock.inputs.scope, idOf("trail-recordings"));
    assert.ok(lock.dependsOn.includes("trail-recordings-container"));
  });

  it("refuses what Azure refuses, all at once", async () => {
    await assert.rejects(
      deploy({ accountNamePrefix: "Rec", replication: "Premium_LRS" as "Standard_LRS", containerName: "a--b" }),
      {
        name: "ValidationError",
        message: `RecordingContainer "trail" has 3 problems:
  - accountNamePrefix is "Rec"; must be 1 to 16 lowercase letters and digits: a storage account name has at most 24 characters, and 8 of them are random.
  - replication is "Premium_LRS"; Azure Monitor does not write logs to Premium accounts; must be one of Standard_LRS, Standard_ZRS, Standard_GRS, Standard_RAGRS, Standard_GZRS, Standard_RAGZRS.
  - containerName is "a--b"; must be 3 to 63 lowercase letters, digits and single hyphens, starting and ending with a letter or digit.`,
      },
    );
  });

  it("refuses a setting beside ones that are known only later", async () => {
    const later = {
      accountNamePrefix: pulumi.output("Rec"),
      replication: pulumi.output("Premium_LRS" as "Standard_LRS"),
    };
    await assert.rejects(deploy({ ...later, containerName: "a--b" }), {
      message:
        'RecordingContainer "trail": containerName is "a--b"; must be 3 to 63 lowercase letters, digits and single hyphens, starting and ending with a letter or digit.',
    });
    await assert.rejects(deploy({ containerName: pulumi.output("a--b"), accountNamePrefix: "Rec" }), {
      message:
        'RecordingContainer "trail": accountNamePrefix is "Rec"; must be 1 to 16 lowercase letters and digits: a storage account name has at most 24 characters, and 8 of them are random.',
    });
  });
});

describe("RecordingPlayback", () => {
  it("lets the Bastion host's player read recordings, with versioning off as recordings demand", async () => {
    const { only, result } = await recordProgram(() => {
      const { allowedOrigin } = new RecordingPlayback("trail", {
        resourceGroupName: "rg",
        accountName: "recordingsk3j9x2ab",
        bastionDnsName: "bst-4a1c.bastion.azure.com",
      });
      return { allowedOrigin };
    });
    assert.deepEqual(only(blobService).inputs, {
      resourceGroupName: "rg",
      accountName: "recordingsk3j9x2ab",
      blobServicesName: "default",
      isVersioningEnabled: false,
      deleteRetentionPolicy: { enabled: true, days: 14 },
      containerDeleteRetentionPolicy: { enabled: true, days: 14 },
      cors: {
        corsRules: [
          {
            allowedOrigins: ["https://bst-4a1c.bastion.azure.com"],
            allowedMethods: ["GET"],
            allowedHeaders: ["*"],
            exposedHeaders: ["*"],
            maxAgeInSeconds: 86_400,
          },
        ],
      },
    });
    assert.deepEqual(result, { allowedOrigin: "https://bst-4a1c.bastion.azure.com" });
  });
});
