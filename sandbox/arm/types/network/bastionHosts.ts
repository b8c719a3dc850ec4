import type { BastionActions } from "../../../bastion/sessionModel.ts";
import { defined, flagAt, numberAt, objectAt, objectsAt, textAt, textsAt, withProperties } from "../../bodies.ts";
import { anything, bool, int, list, obj, oneOf, readOnlyMembers, ref, required, str, tracked } from "../../fields.ts";
import { requireZones } from "../../locations.ts";
import type { JsonObject, PutContext, TypeRules } from "../../model.ts";
import { networkApiVersions } from "./apiVersions.ts";
import { checkPlacement, checkUpdate } from "./bastionPlacement.ts";
import { bastionFlags, bastionSkuOf, checkFeatures } from "./bastionSkuRules.ts";
import { networkName } from "./names.ts";
import { bastionHostType } from "./usage.ts";
import { checkZonesKept } from "./zones.ts";

/** Azure Bastion hosts. What runs on them, sessions and recordings, is the work of `actions`. */
export function bastionHosts(actions: BastionActions, dnsName: string): TypeRules {
  return {
    type: bastionHostType,
    apiVersions: networkApiVersions,
    etag: true,
    scope: "resourceGroup",
    name: networkName(),
    location: "required",
    shape: tracked(
      obj({
        ...Object.fromEntries(bastionFlags.map((flag) => [flag, bool()])),
        ipConfigurations: list(
          obj({
            name: required(str()),
            properties: obj({
              privateIPAllocationMethod: oneOf("Dynamic", "Static"),
              publicIPAddress: ref(),
              subnet: ref(),
              ...readOnlyMembers("provisioningState"),
            }),
            ...readOnlyMembers("id", "etag", "type"),
          }),
        ),
        networkAcls: obj({ ipRules: list(obj({ addressPrefix: str() })) }),
        scaleUnits: int(),
        sessionRecordingConfiguration: anything(),
        virtualNetwork: ref(),
        // Azure gives the name itself, whatever a request holds.
        ...readOnlyMembers("dnsName", "provisioningState"),
      }),
      {
        sku: obj({ name: oneOf("Developer", "Basic", "Standard", "Premium") }),
        zones: list(str()),
      },
    ),
    put: "async",
    delete: "async",
    patch: { of: "tags", completion: "async" },
    check,
    complete: (context) => {
      const { existing } = context;
      return {
        body: complete(context),
        // The SAS URL of session recording is set by an action and outlives updates.
        ...(existing?.secrets === undefined ? {} : { secrets: existing.secrets }),
      };
    },
    // Not stored: the sandbox may be at another port after its next start.
    view: ({ body }) => withProperties(body, { dnsName }),
    afterDelete: ({ existing }) => actions.endSessionsOf(existing.id),
    actions: {
      getActiveSessions: (context) => actions.getActiveSessions(context),
      disconnectActiveSessions: (context) => actions.disconnectActiveSessions(context),
      setsessionrecordingsasurl: (context) => actions.setRecordingSasUrl(context),
    },
  };
}

function check(context: PutContext): void {
  const location = textAt(context.body, "location") ?? "";
  const zones = textsAt(context.body, "zones");
  requireZones(zones, { location, type: bastionHostType, name: context.name });
  checkFeatures(context.body);
  if (context.existing !== undefined) {
    checkUpdate(context.existing.body, context.body);
    checkZonesKept(context.id, textsAt(context.existing.body, "zones"), zones);
  }
  checkPlacement(context, location);
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
