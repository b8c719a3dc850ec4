import { regionName } from "@bastion-trail/core/rules/region";
import { archivesOf, bastionHosts } from "../bastion.ts";
import type { StackPolicy } from "../policy.ts";
import { text } from "../values.ts";

export const archiveInBastionRegion: StackPolicy<object> = {
  name: "archive-in-bastion-region",
  description: "The storage account of the audit logs is in the Bastion host's region.",
  judge: (deployment) =>
    bastionHosts(deployment).flatMap((host) =>
      archivesOf(deployment, host).flatMap((account) => {
        const [there, here] = [text(host.properties.location), text(account.properties.location)];
        if (there === undefined || here === undefined || regionName(there) === regionName(here)) return [];
        return [
          {
            resource: account,
            message:
              `The account is in ${regionName(here)}, the Bastion host "${host.name}" in ${regionName(there)}: ` +
              "Azure Monitor writes a resource's logs only to storage accounts in its own region.",
          },
        ];
      }),
    ),
};
