import { resourceProviders } from "@bastion-trail/core/rules/resourceProviders";
import type { Check } from "../check.ts";
import { counted } from "../../../counted.ts";
import { found, type Judgement } from "../finding.ts";

export interface ProviderFacts {
  readonly subscriptionId: string;
  readonly states: readonly { readonly namespace: string; readonly state: string }[];
}

export function judgeProviders({ subscriptionId: subscription, states }: ProviderFacts): Judgement {
  const findings = states.flatMap(({ namespace, state }) => {
    const resource = `/subscriptions/${subscription}/providers/${namespace}`;
    switch (state.toLowerCase()) {
      case "registered":
        return [];
      case "registering":
      case "unregistering":
        return [
          found("provider-registering", resource, `The resource provider ${namespace} is ${state.toLowerCase()}.`, {
            namespace,
            subscription,
          }),
        ];
      default:
        return [
          found("provider-not-registered", resource, `The resource provider ${namespace} is not registered.`, {
            namespace,
            subscription,
          }),
        ];
    }
  });
  return { findings, seen: `${counted(states.length - findings.length, "resource provider")} registered.` };
}

export const providers: Check = {
  title: "the subscription's resource providers are registered",
  examine: async ({ inventory, attempt }) => {
    const states = await Promise.all(
      resourceProviders.map(async (namespace) => {
        const state = await attempt(() => inventory.registration(namespace));
        return state === undefined ? [] : [{ namespace, state }];
      }),
    );
    return judgeProviders({ subscriptionId: inventory.subject.subscriptionId, states: states.flat() });
  },
};
