import { principalName, type Principal } from "../../azure/caller.ts";

/** Who is signed in. */
export interface Identity {
  /** As messages show it. */
  readonly name: string;
  /** Options of `az role assignment create` that name it, by its object id: that needs no look-up in Entra. */
  readonly assignee: string;
}

export function identityOf(principal: Principal): Identity {
  const { account, objectId } = principal;
  const name = principalName(principal) ?? "unknown";
  const type = account === null ? "ServicePrincipal" : "User";
  return {
    name,
    assignee:
      objectId === null ? `--assignee ${name}` : `--assignee-object-id ${objectId} --assignee-principal-type ${type}`,
  };
}
