/**
 * How users log in to a VM, and the local administrator that Azure creates with it. Sources: Microsoft.Compute
 * virtualMachines 2024-11-01 (`osProfile`); "Sign in to a Linux virtual machine in Azure by using Microsoft Entra ID";
 * the same page for Windows.
 */
import { holdsPrivateKey, type Problem } from "../shared/problem.ts";
import { sshKeyFault } from "./sshPublicKey.ts";
import { VmOs } from "./vmOs.ts";

/** How users log in. */
export const VmLogin = {
  /** An SSH key pair; Linux only. Password authentication is disabled. */
  SshKey: "sshKey",
  /** Microsoft Entra ID, through the login extension. Role assignments on the VM decide who can log in. */
  EntraId: "entraId",
  /** The local administrator's generated password, a Pulumi secret. */
  Password: "password",
} as const;
export type VmLogin = (typeof VmLogin)[keyof typeof VmLogin];

/** Default login of each operating system. */
export const defaultLogin: Readonly<Record<VmOs, VmLogin>> = {
  [VmOs.Linux]: VmLogin.SshKey,
  [VmOs.Windows]: VmLogin.Password,
};

/** Default name of the local administrator. */
export const defaultAdminUsername = "azureuser";

/** Names that Azure refuses for the administrator (`osProfile.adminUsername`, "Disallowed values"). */
const disallowedNames = new Set(
  (
    "administrator admin user user1 test user2 test1 user3 admin1 1 123 a actuser adm admin2 aspnet backup console david " +
    "guest john owner root server sql support support_388945a0 sys test2 test3 user4 user5"
  ).split(" "),
);

export interface LoginSettings {
  readonly os: VmOs;
  readonly login: VmLogin;
  readonly adminUsername: string;
  readonly sshPublicKey?: string;
  /** Whether the Bastion host records sessions. */
  readonly sessionsRecorded?: boolean;
}

/**
 * Whether a password must be generated. Azure refuses a VM whose administrator has neither a key nor a password, even
 * if users log in with Entra ID. Windows does not support keys.
 */
export function needsPassword({
  os,
  login,
  sshPublicKey,
}: Pick<LoginSettings, "os" | "login"> & { sshPublicKey?: unknown }) {
  return login === VmLogin.Password || os === VmOs.Windows || sshPublicKey === undefined;
}

/** A login of which some settings may not be known yet. */
type KnownLogin = Partial<LoginSettings> & Pick<LoginSettings, "os" | "login">;

/** Returns why these login settings cannot be combined. */
export function loginProblems(settings: KnownLogin): Problem[] {
  const { os, login, adminUsername, sshPublicKey } = settings;
  return [
    ...(adminUsername === undefined ? [] : adminNameProblems(os, adminUsername)),
    ...keyProblems(os, login, sshPublicKey),
    ...recordedLoginProblems(settings),
  ];
}

/** Entra ID for RDP through Bastion is a preview "not supported with session recording" (azure-docs, bastion/whats-new.md). */
function recordedLoginProblems({ os, login, sessionsRecorded }: KnownLogin): Problem[] {
  return os === VmOs.Windows && login === VmLogin.EntraId && sessionsRecorded === true
    ? [
        {
          key: "login",
          value: login,
          reason:
            "not possible on windows while Bastion records sessions: its Entra ID login for RDP cannot be recorded",
        },
      ]
    : [];
}

function adminNameProblems(os: VmOs, name: string): Problem[] {
  const problem = (reason: string): Problem[] => [{ key: "adminUsername", value: name, reason }];
  if (disallowedNames.has(name.toLowerCase())) return problem("Azure does not allow this name");
  if (os === VmOs.Windows) {
    return /^[^\\/"[\]:|<>+=;,?*@&\s]{1,20}$/.test(name) && !name.endsWith(".")
      ? []
      : problem(
          'must be 1 to 20 characters on windows, none of \\ / " [ ] : | < > + = ; , ? * @ & or a space, not ending with a period',
        );
  }
  return /^[a-z_][a-z0-9_-]{0,31}$/.test(name)
    ? []
    : problem(
        "must be 1 to 32 lowercase letters, digits, hyphens and underscores on linux, not starting with a digit or hyphen",
      );
}

function keyProblems(os: VmOs, login: VmLogin, key: string | undefined): Problem[] {
  if (os === VmOs.Windows) {
    return [
      ...(login === VmLogin.SshKey
        ? [
            {
              key: "login",
              value: login,
              reason: "must be entraId or password on windows, which has no SSH key login",
            },
          ]
        : []),
      ...(key === undefined ? [] : [{ key: "sshPublicKey", value: key, reason: "not used on windows; remove it" }]),
    ];
  }
  if (login === VmLogin.Password) {
    return key === undefined
      ? []
      : [
          {
            key: "sshPublicKey",
            value: key,
            reason: "not used with login password; remove it, or set login to sshKey",
          },
        ];
  }
  if (key === undefined) {
    return login === VmLogin.SshKey
      ? [{ key: "sshPublicKey", value: key, reason: "required with login sshKey; or set login to entraId or password" }]
      : [];
  }
  if (holdsPrivateKey(key)) {
    return [
      {
        key: "sshPublicKey",
        value: key,
        reason: "is a private key; use the public key, the content of the .pub file",
      },
    ];
  }
  const fault = sshKeyFault(key);
  return fault === undefined ? [] : [{ key: "sshPublicKey", value: key, reason: fault }];
}
