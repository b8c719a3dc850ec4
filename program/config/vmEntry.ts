/** One entry of the config key `vms`. */
import { availabilityZones, quotedZones } from "@bastion-trail/components/shared/availabilityZones";
import { jitDurationForm } from "@bastion-trail/components/jit-virtual-machine/jitPorts";
import { VmLogin } from "@bastion-trail/components/jit-virtual-machine/vmLogin";
import { VmOs } from "@bastion-trail/components/jit-virtual-machine/vmOs";
import * as v from "valibot";
import { listOf, object, oneOf, text } from "./values.ts";

const zoneForm = `must be one of ${quotedZones}`;
/** A number where YAML has no quotes. */
const zone = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.transform(String))], zoneForm),
  v.picklist(availabilityZones, zoneForm),
);

/** The ports are checked in vmProblems.ts, so that one malformed port does not hide another. */
const port = v.custom<number>(() => true);

const vmProperties = {
  name: text(),
  os: v.optional(oneOf(Object.values(VmOs))),
  size: v.optional(text()),
  image: v.optional(text()),
  zone: v.optional(zone),
  login: v.optional(oneOf(Object.values(VmLogin))),
  adminUsername: v.optional(text()),
  sshPublicKey: v.optional(text()),
  jitPorts: v.optional(listOf(port, "must be a list of ports, such as [22]")),
  jitMaxDuration: v.optional(v.string(jitDurationForm)),
  subnetId: v.optional(text()),
};
/** The form of an entry. */
export const vmEntry = v.pipe(
  object("must be an object, such as {name: web}"),
  v.objectWithRest(vmProperties, v.never(), "required for every VM"),
);

/** An entry as written in the stack's config. */
export type VmEntry = v.InferOutput<typeof vmEntry>;

export const vmPropertyNames: readonly string[] = Object.keys(vmProperties);
