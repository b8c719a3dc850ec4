import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { UserError } from "../../../cli/errors.ts";
import type { Environment } from "../../../cli/io.ts";
import { readProfiles, writeProfiles } from "../../../cli/settings/profiles.ts";
import { openSettings } from "../../../cli/settings/settings.ts";
import type { SettingsFlags, SettingValues } from "../../../cli/settings/settingValues.ts";
import { fakeIo } from "../fakeIo.ts";

export const guid = (end: string) => `00000000-0000-0000-0000-${end.padStart(12, "0")}`;
export const own = guid("5");
export const other = guid("6");
export const hostIn = (subscription: string, name = "bst") =>
  `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Network/bastionHosts/${name}`;
export const bastion = hostIn(own);
export const workspaceId = `/subscriptions/${own}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law`;
export const folder = {
  blobEndpoint: "https://trail.blob.core.windows.net",
  container: "insights-logs-bastionauditlogs",
  blobPrefix: `resourceId=${bastion.toUpperCase()}/`,
};

/** A folder for each test, in which settings are opened. */
export function settingsFolder() {
  let cwd = "";
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "settings-"));
  });
  afterEach(() => {
    rmSync(cwd, { recursive: true });
  });

  function open(flags: SettingsFlags, env: Environment = {}) {
    const own = { PATH: process.env.PATH, BASTION_TRAIL_STATE: state() };
    return openSettings(flags, fakeIo({ env: { ...own, ...env }, cwd }));
  }

  const state = () => join(cwd, "state");

  /** Adds a profile to those that are there, and has one used. */
  async function keepProfile(
    name: string,
    subscriptionId: string,
    used: string | null = null,
    more: Partial<SettingValues> = {},
  ): Promise<void> {
    const env = { BASTION_TRAIL_STATE: state() };
    const { profiles, used: usedNow } = await readProfiles(env);
    const profile = { name, from: "a test", savedAt: "2026-05-04T00:00:00.000Z", values: { subscriptionId, ...more } };
    await writeProfiles(env, { used: used ?? usedNow, profiles: [...profiles, profile] });
  }

  function outputs(name: string, content: unknown): string {
    writeFileSync(join(cwd, name), typeof content === "string" ? content : JSON.stringify(content));
    return name;
  }

  /** A `pulumi` that answers `stack output` and says what it was called with. */
  function pulumi(script: string): Environment {
    const path = join(cwd, "pulumi");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return { PATH: [cwd, process.env.PATH].join(delimiter) };
  }

  return { cwd: () => cwd, open, state, keepProfile, outputs, pulumi };
}

/** The message and the next step with which an attempt is refused. */
export async function refusal(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    assert.ok(error instanceof UserError);
    return `${error.message} ${error.nextStep}`;
  }
  throw new assert.AssertionError({ message: "It was not refused." });
}
