/** A VM of which a part may be unknown. */
export interface NamedVm {
  /** ARM id. */
  readonly id: string | null;
  readonly name: string | null;
}

/**
 * Spells VMs as Azure Resource Manager does. In logs they differ: the archive has ids in upper case, the workspace in
 * lower case.
 * @param known VMs in Azure's own spelling, from the stack's outputs or from Azure.
 * @returns a function that returns unknown VMs unchanged, as well as names that several VMs have.
 */
export function vmSpelling(known: readonly { readonly id: string; readonly name: string }[]) {
  const byId = new Map(known.map((vm) => [vm.id.toLowerCase(), vm]));
  const byName = Map.groupBy(known, ({ name }) => name.toLowerCase());
  return <Vm extends NamedVm>(vm: Vm): Vm => {
    if (vm.id !== null) {
      const found = byId.get(vm.id.toLowerCase());
      return found === undefined ? vm : { ...vm, id: found.id, name: found.name };
    }
    const [one, ...others] = byName.get(vm.name?.toLowerCase() ?? "") ?? [];
    return one === undefined || others.length > 0 ? vm : { ...vm, name: one.name };
  };
}

/** Sessions with their VMs in Azure's spelling. */
export async function* spelledSessions<Of extends { readonly vm: string | null; readonly vmName: string | null }>(
  sessions: AsyncIterable<Of>,
  known: Parameters<typeof vmSpelling>[0],
): AsyncGenerator<Of> {
  const spell = vmSpelling(known);
  for await (const session of sessions) {
    const { id, name } = spell({ id: session.vm, name: session.vmName });
    yield { ...session, vm: id, vmName: name };
  }
}
