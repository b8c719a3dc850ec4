/** `activity`. */
import { groupIdOf } from "../../audit/activity/ruleBook.ts";
import { collectActivity } from "../../audit/activity/collectActivity.ts";
import type { Activity } from "../../audit/activity/types.ts";
import { openAccess } from "../../access.ts";
import { onCloudTime } from "../../cloudTime.ts";
import type { Input } from "../../command.ts";
import type { activityOptions } from "./options.ts";
import { exitCodeOfRead, type ExitCode } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import { counted } from "../../counted.ts";
import { tellCoverage, tellUnreadable } from "../logs/tell.ts";
import { withProgress } from "../../progress.ts";
import { formatOf, report } from "../../reporters/report.ts";
import { openSettings } from "../../settings.ts";
import type { KnownVm } from "../../settingValues.ts";
import { isFolder } from "../../sourceFlags.ts";
import { rangeFrom } from "../../timeRange.ts";
import { suggestVm } from "../../vmName.ts";
import { vmSpelling } from "../../vmSpelling.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { columnsFor } from "./columns.ts";
import { activityTest } from "./filter.ts";
import { openActivitySource } from "./sources.ts";
import { scopeInAzure, scopeInOutputs, type VmScope } from "./vmScope.ts";

type ActivityOptions = Input<typeof activityOptions>;

export async function runActivity(options: ActivityOptions, localIo: Io, open?: typeof openAccess): Promise<ExitCode> {
  const format = formatOf(options);
  const io = await onCloudTime(localIo);
  const source = await openActivitySource(options, io, open);
  const range = rangeFrom(options, io.now(), source.defaultSince);
  const { scope, known } = await vmsOf(options, io, open);
  const isWanted = activityTest({ ...options, vm: scope });
  const read = await withProgress(io, "Reading", (progress) => source.read(range, progress));
  const { files, receivedUntil, blobs } = read;
  const result = collectActivity(read, { ...range, files, receivedUntil });
  const activities = wanted(placed(result.activities, known), isWanted);
  const rows = await report(io, options, {
    rows: activities,
    columns: columnsFor(format, options.only),
    json: {
      activities,
      unreadable: () => result.unreadable,
      coverage: () => ({ ...result.coverage, ...blobs }),
    },
    empty: "No activity.",
  });
  await tellUnreadable(io, result.unreadable, result.unread);
  if (format !== "json") {
    await tellCoverage(io, counted(rows, "activity", "activities"), result.coverage, options.local);
  }
  return exitCodeOfRead(result.unread, options.strict);
}

/** The VM that `--vm` names with its place in the network, and all known VMs for their spelling. */
async function vmsOf(
  options: ActivityOptions,
  io: Io,
  open: typeof openAccess = openAccess,
): Promise<{ readonly scope: VmScope | undefined; readonly known: readonly KnownVm[] }> {
  const known = (await vmsKnown(options, io)) ?? [];
  if (options.vm === undefined) return { scope: undefined, known };
  await suggestVm(io, options.vm, known);
  const inOutputs = scopeInOutputs(options.vm, known);
  const isLive = (options.source ?? "api") === "api";
  const { arm, settings } = isLive ? await open(options, io) : {};
  const found =
    arm === undefined || settings === undefined
      ? inOutputs
      : await scopeInAzure(arm, await settings.need("subscriptionId"), inOutputs);
  const scope = typeof found === "string" ? inOutputs : found;
  if (scope.nsgIds === undefined) {
    const reason = typeof found === "string" ? `${found} ` : "";
    await note(
      io,
      visible(
        `note: ${reason}The network security groups of ${options.vm} are not known: of the rules, only those that name it or its address are shown.`,
      ),
    );
  }
  return { scope, known };
}

/** Reads the VMs in the settings. A folder is read without Pulumi, unless a flag names a deployment or a VM. */
async function vmsKnown(options: ActivityOptions, io: Io): Promise<readonly KnownVm[] | undefined> {
  const { source = "api", stack, outputs, profile, vm } = options;
  if (source !== "api" && isFolder(source) && [stack, outputs, profile, vm].every((one) => one === undefined))
    return undefined;
  return openSettings(options, io).find("vms");
}

/** Spells VMs as Azure does. If a network security group belongs to one VM, adds that VM to its rule writes. */
async function* placed(activities: AsyncIterable<Activity>, known: readonly KnownVm[]): AsyncGenerator<Activity> {
  const spell = vmSpelling(known);
  const byGroup = new Map(known.flatMap((vm) => (vm.nsgId === undefined ? [] : [[vm.nsgId.toLowerCase(), vm]])));
  for await (const activity of activities) {
    const { kind, resource } = activity;
    const owner = kind === "rule" ? byGroup.get(groupIdOf(resource)) : undefined;
    const vms = activity.vms.map(spell);
    yield { ...activity, vms: vms.length > 0 || owner === undefined ? vms : [{ ...pick(owner), ports: [] }] };
  }
}

function pick({ id, name }: KnownVm): Pick<KnownVm, "id" | "name"> {
  return { id, name };
}

async function* wanted(
  activities: AsyncIterable<Activity>,
  isWanted: (activity: Activity) => boolean,
): AsyncGenerator<Activity> {
  for await (const activity of activities) {
    if (isWanted(activity)) yield activity;
  }
}
