import { numberAt, objectAt, textAt, withProperties } from "../../json.ts";
import { conflict } from "../../armError.ts";
import type { PutContext } from "../../requestContext.ts";
import { resourceType } from "../../resourceType.ts";
import { checkZones } from "../network/zones.ts";
import { invalidParameter } from "./invalidParameter.ts";

export const diskType = "Microsoft.Compute/disks";

/** Managed disks: those that VMs create, and empty ones created for them. */
export default resourceType({
  type: diskType,
  model: "compute:Disk",
  sdk: "compute.Disk",
  scope: "resourceGroup",
  name: {
    pattern: /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$/,
    code: "InvalidParameter",
    message: () => "The value of parameter disk.name is invalid.",
  },
  location: "required",
  refine: { "DiskProperties.diskSizeGB": { min: 1, max: 65_536 } },
  put: "async",
  delete: "async",
  patch: { of: "body", completion: "async" },
  check,
  complete: (context) => {
    const before = context.existing?.body;
    const managedBy = textAt(before, "managedBy");
    return {
      body: withProperties(
        {
          ...context.body,
          sku: { name: "Standard_LRS", ...objectAt(before, "sku"), ...objectAt(context.body, "sku") },
          ...(managedBy === undefined ? {} : { managedBy }),
        },
        {
          provisioningState: "Succeeded",
          diskState: managedBy === undefined ? "Unattached" : "Attached",
          timeCreated: textAt(before, "properties.timeCreated") ?? context.clock.now().toISOString(),
        },
      ),
    };
  },
  checkDelete({ existing }) {
    const vm = textAt(existing.body, "managedBy");
    if (vm === undefined) return;
    throw conflict("OperationNotAllowed", `Disk ${existing.name} is attached to VM ${vm}.`);
  },
});

function check(context: PutContext): void {
  checkZones(context, diskType);
  const size = numberAt(context.body, "properties.diskSizeGB");
  const before = context.existing?.body;
  if (size !== undefined && size < (numberAt(before, "properties.diskSizeGB") ?? 0)) {
    throw invalidParameter("diskSizeGB", "Reducing the size of a disk is not allowed.");
  }
  if (textAt(context.body, "properties.creationData.createOption") === "Empty" && size === undefined) {
    throw invalidParameter("diskSizeGB", "Required parameter 'disk.diskSizeGB' is missing (null).");
  }
}
