/** `activity`. */
import { groupIdOf } from "../../audit/activity/ruleBook.ts";
import { collectActivity } from "../../audit/activity/collectActivity.ts";
import type { Activity } from "../../audit/activity/types.ts";
import { openArm } from "../../armAccess.ts";
import { onCloudTime } from "../../sources/cloudTime.ts";
import type { Input } from "../../command.ts";
import type { activityOptions } from "./options.ts";
import { exitCodeOfRead, together, type ExitCode } from "../../errors.ts";
import { note, type Io } from "../../io.ts";
import { counted } from "../../counted.ts";
import { tellCoverage, tellUnreadable } from "../../sources/tellRead.ts";
import { withProgress } from "../../progress.ts";
import { formatOf, report } from "../../reporters/report.ts";
import { openSettings } from "../../settings/settings.ts";
import type { KnownVm } from "../../settings/settingValues.ts";
import { defaultActivitySource, isFolder } from "../../sources/sourceFlags.ts";
import { checkRange, rangeFrom } from "../../timeRange.ts";
import { suggestPerson } from "../../names/person.ts";
import { suggestVm } from "../../names/vmName.ts";
import { vmSpelling } from "../../names/vmSpelling.ts";
import { visible } from "@bastion-trail/core/rules/visible";
import { columnsFor } from "./columns.ts";
import { activityTest } from "./filter.ts";
import { openActivitySource } from "../../sources/activitySource.ts";
import { scopeInAzure, scopeInOutputs, type VmScope } from "./vmScope.ts";

type ActivityOptions = Input<typeof activityOptions>;

export async function runActivity(options: ActivityOptions, localIo: Io, open?: typeof openArm): Promise<ExitCode> {
  const [format] = together(
    () => formatOf(options),
    () => {
      checkRange(options);
    },
  );
  const io = await onCloudTime(localIo);
  const source = await openActivitySource(options, io, open);
  const range = rangeFrom(options, io.now(), source.defaultSince);
  const known = await knownVms(options, io);
  const scope = options.vm === undefined ? undefined : await scopeOf(options.vm, known, options, io, open);
  const isWanted = activityTest({ ...options, vm: scope });
  const read = await withProgress(io, "Reading", (progress) => source.read(range, progress));
  const { files, receivedUntil, blobs } = read;
  const result = collectActivity(read, { ...range, files, receivedUntil });
  const callers = new Set<string>();
  const activities = wanted(placed(result.activities, known), isWanted, callers);
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
  if (rows === 0 && options.user !== undefined) await suggestPerson(io, options.user, [...callers]);
  if (format !== "json") {
    await tellCoverage(io, counted(rows, "activity", "activities"), result.coverage, options.local);
  }
  return exitCodeOfRead(result.unread, options.strict);
}

/** The VM that `--vm` names, with its place in the network. Reports if its network security groups are unknown. */
async function scopeOf(
  wanted: string,
  known: readonly KnownVm[],
  options: ActivityOptions,
  io: Io,
  open: typeof openArm = openArm,
): Promise<VmScope> {
  await suggestVm(io, wanted, known);
  const inOutputs = scopeInOutputs(wanted, known);
  const isLive = (options.source ?? defaultActivitySource) === defaultActivitySource;
  const { scope, problem = "" } = isLive
    ? await scopeInAzure(await open(options, io), inOutputs)
    : { scope: inOutputs };
  if (scope.nsgIds === undefined) {
    const unknown = `The network security groups of ${wanted} are not known: of the rules, only those that name it or its address are shown.`;
    await note(io, visible(["note:", problem, unknown].filter((part) => part !== "").join(" ")));
  }
  return scope;
}

/** Reads the VMs in the settings. A folder is read without Pulumi, unless a flag names a deployment or a VM. */
async function knownVms(options: ActivityOptions, io: Io): Promise<readonly KnownVm[]> {
  const { source = defaultActivitySource, stack, outputs, profile, vm } = options;
  const isNamed = [stack, outputs, profile, vm].some((one) => one !== undefined);
  if (source !== defaultActivitySource && isFolder(source) && !isNamed) return [];
  return (await openSettings(options, io).find("vms")) ?? [];
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

/** @param callers gets the callers of all activities, wanted or not. */
async function* wanted(
  activities: AsyncIterable<Activity>,
  isWanted: (activity: Activity) => boolean,
  callers: Set<string>,
): AsyncGenerator<Activity> {
  for await (const activity of activities) {
    activity.callerNames.forEach((name) => callers.add(name));
    if (isWanted(activity)) yield activity;
  }
}
