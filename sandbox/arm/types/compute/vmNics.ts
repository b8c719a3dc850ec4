/** The network interfaces of a VM: which ones are allowed, and what the VM writes into them. */
import { flagAt, objectsAt, textAt, type JsonObject } from "../../json.ts";
import { badRequest } from "../../armError.ts";
import { sameId } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceStore } from "../../resource.ts";
import { attached, detached } from "../network/networkInterfaces.ts";
import { networkInterfaceType } from "../network/usage.ts";
import { requireReference } from "../references.ts";
import { missingParameter } from "./invalidParameter.ts";

const path = "properties.networkProfile.networkInterfaces";

/** @throws ArmError `InvalidParameter`, `InvalidResourceReference`, `NicInUse`, `VirtualMachineMustHaveOneNetworkInterfaceAsPrimary` */
export function checkNics(context: PutContext, location: string): void {
  const references = objectsAt(context.body, path);
  if (references.length === 0) throw missingParameter("networkProfile.networkInterfaces");
  const primaries = references.filter((item) => flagAt(item, "properties.primary") === true);
  if (primaries.length > 1 || (references.length > 1 && primaries.length === 0)) {
    throw badRequest(
      "VirtualMachineMustHaveOneNetworkInterfaceAsPrimary",
      `Virtual machine ${context.name} must have one network interface set as the primary.`,
    );
  }
  for (const [index, reference] of references.entries()) {
    const from = { id: context.id, location, path: `${path}[${index}].id` };
    const nic = requireReference(context.store, textAt(reference, "id") ?? "", networkInterfaceType, from);
    const holder = textAt(nic.body, "properties.virtualMachine.id");
    if (holder !== undefined && !sameId(holder, context.id)) {
      throw badRequest(
        "NicInUse",
        `Network Interface ${nic.id} is used by existing resource ${holder}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
      );
    }
  }
}

/**
 * Writes the back references: adds them to the current interfaces of the VM, and removes them from the previous ones.
 */
export function linkNics(context: PutContext): void {
  const wanted = objectsAt(context.body, path);
  for (const reference of objectsAt(context.existing?.body, path)) {
    const id = textAt(reference, "id") ?? "";
    const nic = context.store.get(id);
    const isKept = wanted.some((other) => sameId(textAt(other, "id") ?? "", id));
    if (nic !== undefined && !isKept) write(context.store, nic, detached(nic));
  }
  for (const reference of wanted) {
    const nic = context.store.get(textAt(reference, "id") ?? "");
    if (nic === undefined) continue;
    const isPrimary = wanted.length === 1 || flagAt(reference, "properties.primary") === true;
    const isLinked = sameId(textAt(nic.body, "properties.virtualMachine.id") ?? "", context.id);
    if (!isLinked || flagAt(nic.body, "properties.primary") !== isPrimary) {
      write(context.store, nic, attached(nic, context.id, isPrimary));
    }
  }
}

/** Detaches the interfaces of a deleted VM, or deletes those with the delete option. */
export function releaseNics(store: ResourceStore, vm: Resource): void {
  for (const reference of objectsAt(vm.body, path)) {
    const nic = store.get(textAt(reference, "id") ?? "");
    if (nic === undefined) continue;
    if (textAt(reference, "properties.deleteOption") === "Delete") store.delete(nic.id);
    else write(store, nic, detached(nic));
  }
}

function write(store: ResourceStore, nic: Resource, body: JsonObject): void {
  store.put({ id: nic.id, type: nic.type, name: nic.name, body });
}
