import type { Settings } from "../../../cli/settings/settings.ts";
import type { SettingValues } from "../../../cli/settings/settingValues.ts";

/** Settings that are known, all from one place. */
export function fixedSettings(known: Partial<SettingValues>): Settings {
  return {
    find: (name) => Promise.resolve(known[name]),
    need: (name) => Promise.resolve(known[name]!),
    locate: (name) => {
      const value = known[name];
      return Promise.resolve(value === undefined ? undefined : { value, from: "the test" });
    },
    scopeIn: () =>
      Promise.resolve({
        audit: known.bastionHostId,
        activity: known.subscriptionId && `/subscriptions/${known.subscriptionId}`,
      }),
  };
}
