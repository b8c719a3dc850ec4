/** The parts of Azure that the checks examine. Each part is read on first use, and only once. */
import { Readable } from "node:stream";
import type { Activity } from "../../audit/activity/types.ts";
import { activeSessions, type ActiveSession } from "../../azure/activeSessions.ts";
import { activityDays, listActivityEvents } from "../../azure/activityEvents.ts";
import type { ArmClient } from "../../azure/armClient.ts";
import {
  listBastionHosts,
  readBastionHost,
  readRecordingContainer,
  type BastionHost,
} from "../../azure/bastionHosts.ts";
import { readServersPlan, type ServersPlan } from "../../azure/defenderPlan.ts";
import { listDiagnosticSettings, type DiagnosticSetting } from "../../azure/diagnosticSettings.ts";
import { isNotFound } from "../../azure/failure.ts";
import { listFlowLogs, listNetworkWatchers, type FlowLog } from "../../azure/flowLogs.ts";
import { listJitPolicies, type JitPolicy } from "../../azure/jitPolicies.ts";
import { readWorkspace, type Workspace } from "../../azure/logAnalyticsWorkspace.ts";
import {
  listNetworkInterfaces,
  listSecurityGroups,
  readSecurityGroup,
  type NetworkInterface,
  type SecurityGroup,
} from "../../azure/networkInventory.ts";
import { isSameIgnoringCase } from "../../names/ignoringCase.ts";
import { listPermissions, type Permission } from "../../azure/permissions.ts";
import { registrationState } from "../../azure/resourceProviders.ts";
import {
  listStorageAccounts,
  readImmutability,
  readStorageAccount,
  type ImmutabilityPolicy,
  type StorageAccount,
} from "../../azure/storageAccount.ts";
import { listVirtualMachines, type ListedVm } from "../../azure/virtualMachine.ts";
import { listSubnets, readSubnet, type Subnet } from "../../azure/subnets.ts";
import { subscriptionOf } from "@bastion-trail/core/links/resourceId";
import { roles } from "@bastion-trail/core/roles/index";
import type { Subject } from "./subject.ts";
import { Uncheckable, type Need } from "./uncheckable.ts";
import { dayMs } from "../../time.ts";

export class Inventory {
  readonly subject: Subject;
  readonly #arm: ArmClient;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(arm: ArmClient, subject: Subject) {
    this.#arm = arm;
    this.subject = subject;
  }

  /** The current time by Azure's clock. */
  now(): Date {
    return this.#arm.now();
  }

  registration(namespace: string): Promise<string> {
    return this.#ofSubscription("Microsoft.Resources/subscriptions/providers/read", `provider ${namespace}`, (id) =>
      registrationState(this.#arm, id, namespace),
    );
  }

  serversPlan(): Promise<ServersPlan> {
    return this.#ofSubscription("Microsoft.Security/pricings/read", "plan", (id) => readServersPlan(this.#arm, id));
  }

  /** @param scope ARM id of a resource group or a resource. */
  permissions(scope: string): Promise<Permission[]> {
    return this.#once({ permission: "Microsoft.Authorization/permissions/read", scope }, `permissions ${scope}`, () =>
      listPermissions(this.#arm, scope),
    );
  }

  /** The host in the settings, or all hosts of the subscription. */
  hosts(): Promise<BastionHost[]> {
    const { bastionHostId: id } = this.subject;
    const permission = "Microsoft.Network/bastionHosts/read";
    return id === undefined
      ? this.#ofSubscription(permission, "hosts", (subscription) => listBastionHosts(this.#arm, subscription))
      : this.#once({ permission, scope: id }, "hosts", async () => {
          const host = await unlessMissing(readBastionHost(this.#arm, id));
          return host === undefined ? [] : [host];
        });
  }

  /** The container to which a host records with a managed identity, or null. */
  recordingContainer(hostId: string): Promise<string | null> {
    const permission = "Microsoft.Network/bastionHosts/read";
    return this.#once({ permission, scope: hostId }, `recording ${hostId}`, () =>
      readRecordingContainer(this.#arm, hostId),
    );
  }

  /** Open sessions of a host. */
  sessions(hostId: string): Promise<ActiveSession[]> {
    const permission = "Microsoft.Network/bastionHosts/getActiveSessions/action";
    return this.#once({ permission, scope: hostId, role: roles.doctor.name }, `sessions ${hostId}`, () =>
      activeSessions(this.#arm, hostId),
    );
  }

  /** @param scope ARM id of a resource, or of the subscription for its activity log. */
  settingsOf(scope: string): Promise<DiagnosticSetting[]> {
    const permission = "Microsoft.Insights/diagnosticSettings/read";
    return this.#once({ permission, scope }, `settings ${scope}`, () => listDiagnosticSettings(this.#arm, scope));
  }

  /** The flow logs in all regions. */
  async flowLogs(): Promise<FlowLog[]> {
    const watchers = await this.#ofSubscription("Microsoft.Network/networkWatchers/read", "watchers", (id) =>
      listNetworkWatchers(this.#arm, id),
    );
    const permission = "Microsoft.Network/networkWatchers/flowLogs/read";
    const ofEach = watchers.map((scope) =>
      this.#once({ permission, scope }, `flow logs ${scope}`, () => listFlowLogs(this.#arm, scope)),
    );
    return (await Promise.all(ofEach)).flat();
  }

  accounts(): Promise<StorageAccount[]> {
    return this.#ofSubscription("Microsoft.Storage/storageAccounts/read", "accounts", (id) =>
      listStorageAccounts(this.#arm, id),
    );
  }

  /** @returns `undefined` if it does not exist. */
  account(id: string): Promise<StorageAccount | undefined> {
    return this.#once({ permission: "Microsoft.Storage/storageAccounts/read", scope: id }, `account ${id}`, () =>
      unlessMissing(readStorageAccount(this.#arm, id)),
    );
  }

  /** @returns null if there is no policy, `undefined` if the container does not exist yet. */
  immutability(accountId: string, container: string): Promise<ImmutabilityPolicy | null | undefined> {
    const permission = "Microsoft.Storage/storageAccounts/blobServices/containers/read";
    return this.#once({ permission, scope: accountId }, `immutability ${accountId} ${container}`, () =>
      unlessMissing(readImmutability(this.#arm, accountId, container)),
    );
  }

  /** @returns `undefined` if it does not exist. */
  workspace(id: string): Promise<Workspace | undefined> {
    const permission = "Microsoft.OperationalInsights/workspaces/read";
    return this.#once({ permission, scope: id }, `workspace ${id}`, () => unlessMissing(readWorkspace(this.#arm, id)));
  }

  policies(): Promise<JitPolicy[]> {
    return this.#ofSubscription("Microsoft.Security/locations/jitNetworkAccessPolicies/read", "policies", (id) =>
      listJitPolicies(this.#arm, id),
    );
  }

  vms(): Promise<ListedVm[]> {
    return this.#ofSubscription("Microsoft.Compute/virtualMachines/read", "vms", (id) =>
      listVirtualMachines(this.#arm, id),
    );
  }

  nics(): Promise<NetworkInterface[]> {
    return this.#ofSubscription("Microsoft.Network/networkInterfaces/read", "nics", (id) =>
      listNetworkInterfaces(this.#arm, id),
    );
  }

  subnets(): Promise<Subnet[]> {
    return this.#ofSubscription("Microsoft.Network/virtualNetworks/read", "subnets", (id) =>
      listSubnets(this.#arm, id),
    );
  }

  /** Reads one subnet, in any subscription; `undefined` if it does not exist. */
  async subnet(id: string): Promise<Subnet | undefined> {
    const listed = (await this.subnets()).find((one) => isSameIgnoringCase(one.id, id));
    if (listed !== undefined) return listed;
    const permission = "Microsoft.Network/virtualNetworks/subnets/read";
    return this.#once({ permission, scope: id }, `subnet ${id}`, () => unlessMissing(readSubnet(this.#arm, id)));
  }

  securityGroups(): Promise<SecurityGroup[]> {
    return this.#ofSubscription("Microsoft.Network/networkSecurityGroups/read", "groups", (id) =>
      listSecurityGroups(this.#arm, id),
    );
  }

  /** Reads one group, in any subscription, even if the list does not have it. */
  securityGroup(id: string): Promise<SecurityGroup> {
    const permission = "Microsoft.Network/networkSecurityGroups/read";
    return this.#once({ permission, scope: id }, `group ${id}`, () => readSecurityGroup(this.#arm, id));
  }

  /** Writes of a group and of one of its rules, as far back as Azure keeps the activity log. */
  async ruleWrites(groupId: string, ruleId: string): Promise<readonly Activity[]> {
    const [ofGroup, ofRule] = await Promise.all([this.#eventsOf(groupId), this.#eventsOf(ruleId)]);
    const { writesIn } = await import("./ruleAuthors.ts");
    return writesIn(Readable.from([...ofGroup, ...ofRule]));
  }

  /** Activity log events of a resource. */
  #eventsOf(id: string): Promise<unknown[]> {
    const subscription = subscriptionOf(id) ?? this.subject.subscriptionId;
    const permission = "Microsoft.Insights/eventtypes/values/read";
    return this.#once({ permission, scope: `/subscriptions/${subscription}` }, `events ${id}`, async () => {
      const from = new Date(this.now().getTime() - activityDays * dayMs);
      const events: unknown[] = [];
      for await (const event of listActivityEvents(this.#arm, subscription, { from, resourceId: id }))
        events.push(event);
      return events;
    });
  }

  #ofSubscription<T>(permission: string, key: string, read: (subscriptionId: string) => Promise<T>): Promise<T> {
    const { subscriptionId } = this.subject;
    return this.#once({ permission, scope: `/subscriptions/${subscriptionId}` }, key, () => read(subscriptionId));
  }

  #once<T>(need: Need, key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key.toLowerCase()) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const asked = read().catch((error: unknown) => {
      throw new Uncheckable(need, error);
    });
    // Marks a failure as handled: later callers get the same one, but there may be no caller now.
    asked.catch(() => undefined);
    this.#known.set(key.toLowerCase(), asked);
    return asked;
  }
}

async function unlessMissing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
