/** Names of VMs for a reader, so that no two VMs look like one. */
import { parseResourceId } from "@bastion-trail/core/links/resourceId";
import { vmNameOf } from "../../audit/records/vmNameOf.ts";
import type { PageData } from "../pageData.ts";

type Named = Pick<PageData, "strings" | "grants" | "rules"> & {
  readonly sessions: { readonly texts: Pick<PageData["sessions"]["texts"], "vm" | "vmName"> };
};

/**
 * Returns a label for each VM of the page, by its ARM id in lower case: its name, or `GROUP/NAME` if several VMs have the
 * name.
 */
export function vmLabels(data: Named): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  let unnamed = [...distinctVms(data)].map(([key, { id, name }]) => {
    const group = parseResourceId(id)?.resourceGroupName;
    return { key, forms: [name, ...(group === undefined ? [] : [`${group}/${name}`]), id] };
  });
  while (unnamed.length > 0) {
    const byForm = Map.groupBy(unnamed, ({ forms: [form = ""] }) => form.toLowerCase());
    unnamed = [...byForm.values()].flatMap((vms) => {
      const areAlike = vms.length > 1;
      for (const { key, forms } of areAlike ? [] : vms) labels.set(key, forms[0] ?? key);
      return areAlike ? vms.map(({ key, forms }) => ({ key, forms: forms.slice(1) })) : [];
    });
  }
  return labels;
}

interface Vm {
  readonly id: string;
  readonly name: string;
}

function distinctVms(data: Named): Map<string, Vm> {
  const vms = new Map<string, Vm>();
  for (const { id, name } of vmsIn(data)) {
    const key = id.toLowerCase();
    if (!vms.has(key)) vms.set(key, { id, name });
  }
  return vms;
}

function* vmsIn({ strings, sessions, grants, rules }: Named): Generator<Vm> {
  const seen = new Set([-1]);
  for (const [row, index] of sessions.texts.vm.entries()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const id = strings[index] ?? "";
    yield { id, name: strings[sessions.texts.vmName[row] ?? -1] ?? vmNameOf(id) };
  }
  for (const { vm, vmName } of grants) yield { id: vm, name: vmName };
  for (const { vms } of rules) yield* vms.map((id) => ({ id, name: vmNameOf(id) }));
}
