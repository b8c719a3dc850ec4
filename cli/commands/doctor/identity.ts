import { principalName, type Principal } from "../../azure/caller.ts";

/** The signed-in identity. */
export interface Identity {
  /** Name shown in messages. */
  readonly name: string;
  /** Options of `az role assignment create` that select it by object id, which requires no look-up in Entra. */
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
