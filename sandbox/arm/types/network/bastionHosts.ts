import { defined, flagAt, numberAt, objectAt, objectsAt, textAt, withProperties, type JsonObject } from "../../json.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Services } from "../../resourceType.ts";
import { checkPlacement, checkUpdate } from "./bastionPlacement.ts";
import { bastionFlags, bastionSkuOf, checkFeatures } from "./bastionSkuRules.ts";
import { networkName } from "./names.ts";
import { networkType } from "./networkType.ts";
import { shareableLinkActions } from "./shareableLinks.ts";
import { bastionHostType } from "./usage.ts";
import { checkZones } from "./zones.ts";

/** Azure Bastion hosts. The sandbox's Bastion implements their sessions and recordings. */
export default ({ bastion: actions, endpoint }: Services) => {
  const dnsName = (): string => new URL(endpoint()).host;
  return networkType({
    type: bastionHostType,
    model: "network:BastionHost",
    sdk: "network.BastionHost",
    // Azure Verified Modules use it to deploy session recording (bicep-registry-modules #7188).
    moreVersions: ["2026-01-01"],
    scope: "resourceGroup",
    name: networkName(),
    location: "required",
    refine: {
      "BastionHostIPConfiguration.name": { required: true },
      "BastionHostPropertiesFormat.dnsName": { readOnly: true },
    },
    answers: {
      getActiveSessions: "network:BastionActiveSession",
      disconnectActiveSessions: "network:BastionSessionState",
      createShareableLinks: "network:BastionShareableLink",
      getShareableLinks: "network:BastionShareableLink",
    },
    put: "async",
    delete: "async",
    patch: { of: "tags", completion: "async" },
    check,
    complete: (context) => {
      const { existing } = context;
      return {
        body: complete(context),
        // The SAS URL of session recording is set by an action and kept by updates.
        ...(existing?.secrets === undefined ? {} : { secrets: existing.secrets }),
      };
    },
    // Not stored, because the sandbox may use another port after its next start.
    view: ({ body }) => withProperties(body, { dnsName: dnsName() }),
    afterDelete: ({ existing }) => actions.endSessionsOf(existing.id),
    actions: {
      ...shareableLinkActions(dnsName),
      getActiveSessions: (context) => actions.getActiveSessions(context),
      disconnectActiveSessions: (context) => actions.disconnectActiveSessions(context),
      setsessionrecordingsasurl: (context) => actions.setRecordingSasUrl(context),
    },
  });
};

function check(context: PutContext): void {
  checkZones(context, bastionHostType);
  checkFeatures(context.body);
  if (context.existing !== undefined) checkUpdate(context.existing.body, context.body);
  checkPlacement(context, textAt(context.body, "location") ?? "");
}

function complete(context: PutContext): JsonObject {
  const { body } = context;
  const sku = bastionSkuOf(body);
  const isDeveloper = sku === "Developer";
  const flags = bastionFlags.map((flag): [string, boolean] => [flag, flagAt(body, `properties.${flag}`) ?? false]);
  return withProperties(
    { ...body, sku: { name: sku } },
    defined({
      provisioningState: "Succeeded",
      scaleUnits: isDeveloper ? undefined : (numberAt(body, "properties.scaleUnits") ?? 2),
      ...(isDeveloper ? {} : Object.fromEntries(flags)),
      ipConfigurations: objectsAt(body, "properties.ipConfigurations").map((configuration) => {
        const name = textAt(configuration, "name") ?? "";
        return {
          name,
          id: `${context.id}/bastionHostIpConfigurations/${name}`,
          type: "Microsoft.Network/bastionHosts/bastionHostIpConfigurations",
          properties: {
            privateIPAllocationMethod: "Dynamic",
            ...objectAt(configuration, "properties"),
            provisioningState: "Succeeded",
          },
        };
      }),
    }),
  );
}
