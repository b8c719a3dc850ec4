import type { RefreshedResource } from "../../../../cli/commands/drift/refreshPreview.ts";

/** A resource after a refresh; every input that differs counts as changed. */
export function refreshed(more: Partial<RefreshedResource> = {}): RefreshedResource {
  const { deployed = {}, now = {} } = more;
  return {
    name: "pip",
    type: "azure-native:network:PublicIPAddress",
    parentType: undefined,
    id: "/pip",
    change: "changed",
    deployed,
    now,
    changedInputs: Object.keys({ ...deployed, ...now }),
    ignored: [],
    ...more,
  };
}
