/** The power state of a VM, and the actions that change it (Compute REST reference, "Virtual Machines"). */
import type { BastionActions } from "../../../bastion/sessionModel.ts";
import { textAt } from "../../json.ts";
import type { ActionContext } from "../../requestContext.ts";
import type { ActionResult, TypeRules } from "../../typeRules.ts";
import type { Resource } from "../../resource.ts";
import { conflict } from "../../armError.ts";

/** The last part of the instance view's `PowerState/...`. The sandbox has no intermediate states. */
export type PowerState = "running" | "stopped" | "deallocated";

/** Returns the power state. A VM runs from its creation until it is stopped. */
export function powerStateOf(vm: Resource): PowerState {
  const state = textAt(vm.state, "power");
  return state === "stopped" || state === "deallocated" ? state : "running";
}

export function isRunning(vm: Resource): boolean {
  return powerStateOf(vm) === "running";
}

/** Returns the actions. Any action that stops a VM, even briefly, ends the sessions to it. */
export function powerActions(bastion: Pick<BastionActions, "endSessionsOf">): NonNullable<TypeRules["actions"]> {
  const change = async ({ resource, store }: ActionContext, power: PowerState): Promise<ActionResult> => {
    await bastion.endSessionsOf(resource.id);
    store.put({ ...resource, state: { power } });
    return { status: 202, longRunning: true };
  };
  return {
    start: ({ resource, store }) => {
      store.put({ ...resource, state: { power: "running" } });
      return { status: 202, longRunning: true };
    },
    // A deallocated VM stays deallocated.
    powerOff: (context) => change(context, isRunning(context.resource) ? "stopped" : powerStateOf(context.resource)),
    deallocate: (context) => change(context, "deallocated"),
    restart: (context) => {
      requireRunning(context.resource, "The operation requires the VM to be running (or set to run).");
      return change(context, "running");
    },
  };
}

/** @throws ArmError OperationNotAllowed with this message */
export function requireRunning(vm: Resource, message: string): void {
  if (!isRunning(vm)) throw conflict("OperationNotAllowed", message);
}
