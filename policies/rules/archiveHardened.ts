import { archives } from "../bastion.ts";
import type { StackPolicy } from "../policy.ts";
import { notYetKnown, sameText } from "../values.ts";

interface Setting {
  readonly property: string;
  readonly wanted: string;
  readonly isMet: (value: unknown) => boolean;
  readonly why: string;
}

/** Required settings of an archive, regardless of the defaults of Azure or of the subscription. */
const settings: readonly Setting[] = [
  {
    property: "allowSharedKeyAccess",
    wanted: "false",
    isMet: (value) => value === false,
    why: "whoever has an account key can write and delete logs without a name",
  },
  {
    property: "allowBlobPublicAccess",
    wanted: "false",
    isMet: (value) => value === false,
    why: "a container could be opened to everybody",
  },
  {
    property: "enableHttpsTrafficOnly",
    wanted: "true, which is Azure's default",
    isMet: (value) => value !== false,
    why: "logs could be read on their way",
  },
  {
    property: "minimumTlsVersion",
    wanted: "TLS1_2 or TLS1_3",
    isMet: (value) => sameText(value, "TLS1_2") || sameText(value, "TLS1_3"),
    why: "older versions can be broken",
  },
];

export const archiveHardened: StackPolicy<object> = {
  name: "archive-hardened",
  description:
    "The storage account of the audit logs accepts no account key, no anonymous reader and no outdated encryption.",
  judge: (deployment) =>
    archives(deployment).flatMap((account) =>
      settings
        .filter(({ property, isMet }) => {
          const value = account.properties[property];
          return value !== notYetKnown && !isMet(value);
        })
        .map(({ property, wanted, why }) => ({
          resource: account,
          message: `${property} must be ${wanted}: ${why}.`,
        })),
    ),
};
