import { note, type Io } from "../io.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import type { OpenedPorts } from "./openPorts.ts";

/** Shows the correlation id of a request, and the names of its rules. */
export async function tellRequest(
  io: Io,
  vmName: string,
  { correlationId, rules }: Pick<OpenedPorts, "rules"> & { readonly correlationId: string },
): Promise<void> {
  const rule = rules.length === 0 ? "" : ` Rule: ${rules.join(", ")}.`;
  await note(io, visible(`Correlation id of the request for ${vmName}: ${correlationId}.${rule}`));
}
