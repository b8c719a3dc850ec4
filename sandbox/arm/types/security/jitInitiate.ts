import { refuse } from "../../armError.ts";
import { randomUUID } from "node:crypto";
import { numberAt, objectsAt, textAt, withProperties, type JsonObject } from "../../json.ts";
import type { ActionContext } from "../../requestContext.ts";
import type { ActionResult } from "../../typeRules.ts";
import type { Resource } from "../../resource.ts";
import { sameId } from "../../ids.ts";
import { durationMs } from "./duration.ts";
import {
  closeGrants,
  grantsOf,
  ownMembers,
  recordNsgWrites,
  scheduleExpiry,
  withGrants,
  type Grant,
} from "./jitGrants.ts";
import { allowedSources, isSource, liesWithin } from "./jitPolicyChecks.ts";
import { allowRule, writeRule, type JitRule } from "./jitRules.ts";
import { vmNetworkOf } from "./vmNetwork.ts";

const initiateOperation = "Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action";

/** One requested port, checked against its policy. */
interface Asked {
  readonly vm: Resource;
  readonly port: number;
  readonly protocol: JitRule["protocol"];
  readonly source: string;
  readonly endTimeUtc: string;
}

/**
 * Answers POST `initiate`: opens ports for a time (Defender for Cloud REST reference, "Jit Network Access Policies -
 * Initiate").
 */
export function initiate(context: ActionContext): ActionResult {
  const { body, store, clock, caller } = context;
  const justification = textAt(body, "justification");
  const asked = readRequest(context);
  const replaced = grantsOf(context.resource).filter((grant) =>
    asked.some((port) => sameId(port.vm.id, grant.vmId) && port.port === grant.port),
  );
  const { policy } = closeGrants(store, context.resource, replaced, "NewerRequestInitiated");
  const opened = asked.map((port) => open(context, policy, port));
  const request: JsonObject = {
    virtualMachines: distinct(asked.map(({ vm }) => vm)).map((vm) => ({
      id: vm.id,
      ports: asked
        .filter((port) => sameId(port.vm.id, vm.id))
        .map(({ port, source, endTimeUtc }) => ({
          number: port,
          allowedSourceAddressPrefix: source,
          endTimeUtc,
          status: "Initiated",
          statusReason: "UserRequested",
        })),
    })),
    startTimeUtc: clock.now().toISOString(),
    requestor: caller.upn ?? caller.appId ?? caller.objectId,
    ...(justification === undefined ? {} : { justification }),
  };
  const requests = objectsAt(ownMembers(policy), "requests");
  const grants = opened.map(({ grant }) => grant);
  store.put({
    ...policy,
    body: withProperties(policy.body, { requests: [...requests, request] }),
    secrets: withGrants([...grantsOf(policy), ...grants]),
  });
  for (const grant of grants) {
    scheduleExpiry(context, policy.id, grant, randomUUID);
  }
  recordRequest(context, asked, [...new Set(opened.flatMap(({ nsgIds }) => nsgIds))]);
  return { status: 202, body: request };
}

/**
 * A request creates four events under one correlation id: two for the POST itself, one on each VM, and Defender's write
 * of the NSG (shamirc.com, 2018). The order and the statuses of the last two are not confirmed.
 */
function recordRequest(context: ActionContext, asked: readonly Asked[], nsgIds: readonly string[]): void {
  for (const vm of distinct(asked.map((port) => port.vm))) {
    context.recordActivity({
      resourceId: vm.id,
      operationName: initiateOperation,
      eventName: "EndRequest",
      status: "Succeeded",
      caller: context.caller,
      correlationId: context.correlationId,
      properties: { statusCode: "Accepted", requestbody: JSON.stringify(context.body) },
    });
  }
  recordNsgWrites(context, nsgIds, context.correlationId);
}

function open(context: ActionContext, policy: Resource, asked: Asked): { grant: Grant; nsgIds: readonly string[] } {
  const { store } = context;
  const network = vmNetworkOf(store, asked.vm);
  if (network === undefined || network.nsgIds.length === 0) {
    refuse(`The virtual machine '${asked.vm.name}' has no network security group any more.`);
  }
  const id = randomUUID();
  const rule = allowRule(policy, asked.vm, { ...asked, id, destination: network.privateIpAddress });
  for (const nsgId of network.nsgIds) {
    writeRule(store, nsgId, rule);
  }
  const grant = { id, vmId: asked.vm.id, port: asked.port, ruleName: rule.name, endTimeUtc: asked.endTimeUtc };
  return { grant, nsgIds: network.nsgIds };
}

function readRequest(context: ActionContext): Asked[] {
  const { body, store, resource } = context;
  const policyVms = objectsAt(resource.body, "properties.virtualMachines");
  const asked = objectsAt(body, "virtualMachines").flatMap((entry) => {
    const vmId = textAt(entry, "id") ?? "";
    const vm = store.get(vmId);
    const inPolicy = policyVms.find((candidate) => sameId(textAt(candidate, "id") ?? "", vmId));
    if (vm === undefined || inPolicy === undefined) {
      refuse(`The virtual machine '${vmId}' is not in the policy '${resource.name}'.`);
    }
    const policyPorts = objectsAt(inPolicy, "ports");
    return objectsAt(entry, "ports").map((port) => readPort(context, vm, policyPorts, port));
  });
  if (asked.length === 0) refuse("The request needs virtualMachines with at least one port.");
  return asked;
}

function readPort(context: ActionContext, vm: Resource, policyPorts: readonly JsonObject[], port: JsonObject): Asked {
  const number = numberAt(port, "number") ?? 0;
  const where = `port ${String(number)} of the virtual machine '${vm.name}'`;
  const allowed = policyPorts.find((candidate) => numberAt(candidate, "number") === number);
  if (allowed === undefined) refuse(`The ${where} is not in the policy '${context.resource.name}'.`);
  // Without a prefix, the source is the caller's own address, which sessions through Bastion never use.
  const source = textAt(port, "allowedSourceAddressPrefix") ?? context.caller.ipAddress;
  if (!isSource(source) || !liesWithin(source, allowedSources(allowed))) {
    refuse(
      `The source '${source}' for ${where} is not within what the policy '${context.resource.name}' allows: ` +
        `${allowedSources(allowed).join(", ")}.`,
    );
  }
  const protocol = textAt(allowed, "protocol")?.toUpperCase();
  return {
    vm,
    port: number,
    protocol: protocol === "TCP" ? "Tcp" : protocol === "UDP" ? "Udp" : "*",
    source,
    endTimeUtc: readEnd(context, where, port, durationMs(textAt(allowed, "maxRequestAccessDuration") ?? "") ?? 0),
  };
}

function readEnd({ clock }: ActionContext, where: string, port: JsonObject, longestMs: number): string {
  const text = textAt(port, "endTimeUtc") ?? "";
  const end = Date.parse(text);
  const now = clock.now().getTime();
  if (Number.isNaN(end)) refuse(`The endTimeUtc '${text}' for ${where} is not a time in ISO 8601.`);
  if (end <= now) refuse(`The endTimeUtc '${text}' for ${where} is in the past.`);
  // A client computes the end before it sends the request, and its clock may be slightly ahead.
  if (end > now + longestMs + 60_000) {
    refuse(`The endTimeUtc '${text}' for ${where} is later than the policy's longest duration allows.`);
  }
  return new Date(end).toISOString();
}

function distinct(vms: readonly Resource[]): Resource[] {
  return vms.filter((vm, index) => vms.findIndex((other) => sameId(other.id, vm.id)) === index);
}
