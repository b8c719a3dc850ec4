/** The managed disks of a VM: separate resources that the VM creates, holds and, if configured, deletes with itself. */
import { createHash } from "node:crypto";
import {
  defined,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
  withProperties,
  type Json,
  type JsonObject,
} from "../../json.ts";
import { ArmError, badRequest, conflict } from "../../armError.ts";
import { sameId, nameOf } from "../../ids.ts";
import type { PutContext } from "../../requestContext.ts";
import type { Resource, ResourceStore } from "../../resource.ts";
import { diskType } from "./disks.ts";
import type { OperatingSystem } from "./osProfileRules.ts";

const storage = "properties.storageProfile";

/**
 * @throws ArmError `InvalidParameter` for a LUN used twice, `ResourceNotFound`, `ConflictingUserInput` for a disk of
 * another VM.
 */
export function checkDataDisks(context: PutContext): void {
  const luns = new Set<number>();
  for (const disk of objectsAt(context.body, `${storage}.dataDisks`)) {
    const lun = numberAt(disk, "lun") ?? 0;
    if (luns.has(lun)) {
      throw badRequest("InvalidParameter", `A disk at LUN ${lun} already exists.`, { target: "dataDisk.lun" });
    }
    luns.add(lun);
    if (textAt(disk, "createOption") === "Attach") checkAttach(context, disk);
  }
}

function checkAttach(context: PutContext, disk: JsonObject): void {
  const id = textAt(disk, "managedDisk.id") ?? "";
  const found = context.store.get(id);
  if (found === undefined) throw new ArmError(404, "ResourceNotFound", `The Resource '${id}' was not found.`);
  const holder = textAt(found.body, "managedBy");
  if (holder === undefined || sameId(holder, context.id)) return;
  throw conflict(
    "ConflictingUserInput",
    `Disk '${found.name}' cannot be attached as the disk is already owned by VM '${holder}'.`,
  );
}

/** Returns the storage profile as completed by Azure: names, sizes and ids of the disks. */
export function completeStorage(context: PutContext, os: OperatingSystem): JsonObject {
  const profile = objectAt(context.body, storage);
  const before = objectAt(context.existing?.body, storage);
  const osDisk = objectAt(profile, "osDisk");
  const osDiskBefore = objectAt(before, "osDisk");
  const image = objectAt(profile, "imageReference");
  const exactVersion = textAt(image, "version") === "latest" ? "1.0.0" : textAt(image, "version");
  return {
    diskControllerType: "SCSI",
    ...profile,
    ...(Object.keys(image).length === 0 ? {} : { imageReference: defined({ ...image, exactVersion }) }),
    osDisk: completeDisk(context, osDiskBefore, osDisk, {
      defaultName: `${context.name}_OsDisk_1_${hashOf(context)}`,
      defaults: {
        osType: os,
        caching: "ReadWrite",
        createOption: "FromImage",
        deleteOption: "Detach",
        diskSizeGB: os === "Windows" ? 127 : 30,
      },
    }),
    dataDisks: objectsAt(profile, "dataDisks").map((disk, index) => {
      const lun = numberAt(disk, "lun");
      const old = objectsAt(before, "dataDisks").find((other) => numberAt(other, "lun") === lun);
      return completeDisk(context, old ?? {}, disk, {
        defaultName: `${context.name}_DataDisk_${index}`,
        defaults: { caching: "None", deleteOption: "Detach", toBeDetached: false },
      });
    }),
  };
}

/** Creates new disks, and marks all disks as used by this VM. */
export function linkDisks(context: PutContext, vm: Resource): void {
  const wanted = disksOf(vm.body);
  for (const disk of disksOf(context.existing?.body)) {
    const id = textAt(disk, "managedDisk.id") ?? "";
    if (!wanted.some((other) => sameId(textAt(other, "managedDisk.id") ?? "", id))) release(context.store, disk, false);
  }
  for (const disk of wanted) {
    const id = textAt(disk, "managedDisk.id") ?? "";
    const found = context.store.get(id);
    if (found === undefined) makeDisk(context, vm, disk, id);
    else if (!sameId(textAt(found.body, "managedBy") ?? "", vm.id)) {
      const body = withProperties({ ...found.body, managedBy: vm.id }, { diskState: "Attached" });
      context.store.put({ ...found, body });
    }
  }
}

/** Detaches the disks of a deleted VM, or deletes those with the delete option. */
export function releaseDisks(store: ResourceStore, vm: Resource): void {
  for (const disk of disksOf(vm.body)) release(store, disk, true);
}

function release(store: ResourceStore, disk: JsonObject, isMachineGone: boolean): void {
  const found = store.get(textAt(disk, "managedDisk.id") ?? "");
  if (found === undefined) return;
  if (isMachineGone && textAt(disk, "deleteOption") === "Delete") {
    store.delete(found.id);
    return;
  }
  const own = Object.fromEntries(Object.entries(found.body).filter(([member]) => member !== "managedBy"));
  store.put({ ...found, body: withProperties(own, { diskState: "Unattached" }) });
}

function disksOf(body: JsonObject | undefined): JsonObject[] {
  const osDisk = objectAt(body, `${storage}.osDisk`);
  return [...(Object.keys(osDisk).length === 0 ? [] : [osDisk]), ...objectsAt(body, `${storage}.dataDisks`)];
}

function completeDisk(
  context: PutContext,
  before: JsonObject,
  disk: JsonObject,
  given: { defaultName: string; defaults: Readonly<Record<string, Json>> },
): JsonObject {
  const name = textAt(disk, "name") ?? textAt(before, "name") ?? attachedName(disk) ?? given.defaultName;
  const group = context.id.slice(0, context.id.toLowerCase().indexOf("/providers/"));
  return {
    ...given.defaults,
    ...before,
    ...disk,
    name,
    managedDisk: {
      storageAccountType: "Premium_LRS",
      id: `${group}/providers/${diskType}/${name}`,
      ...objectAt(before, "managedDisk"),
      ...objectAt(disk, "managedDisk"),
    },
  };
}

function attachedName(disk: JsonObject): string | undefined {
  const id = textAt(disk, "managedDisk.id");
  return id === undefined ? undefined : nameOf(id);
}

function makeDisk(context: PutContext, vm: Resource, disk: JsonObject, id: string): void {
  const isOsDisk = textAt(disk, "osType") !== undefined;
  context.store.put({
    id,
    type: diskType,
    name: nameOf(id),
    body: defined({
      location: textAt(vm.body, "location"),
      sku: { name: textAt(disk, "managedDisk.storageAccountType") ?? "Premium_LRS" },
      zones: vm.body.zones,
      managedBy: vm.id,
      properties: defined({
        provisioningState: "Succeeded",
        osType: textAt(disk, "osType"),
        hyperVGeneration: isOsDisk ? "V2" : undefined,
        creationData: { createOption: isOsDisk ? "FromImage" : "Empty" },
        diskSizeGB: numberAt(disk, "diskSizeGB") ?? 32,
        diskState: "Attached",
        timeCreated: context.clock.now().toISOString(),
      }),
    }),
  });
}

/** A disk keeps its name if it outlives its VM, so the disks of each VM are named after the VM's creation time. */
function hashOf(context: PutContext): string {
  const birth = context.existing?.createdAt ?? context.clock.now().toISOString();
  return createHash("sha256").update(`${context.id.toLowerCase()} ${birth}`).digest("hex").slice(0, 32);
}
