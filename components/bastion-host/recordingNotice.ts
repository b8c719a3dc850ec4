/** What is left to do by hand before a host that records sessions accepts any. */
import * as pulumi from "@pulumi/pulumi";

interface NoticeArgs {
  readonly bastionHostName?: pulumi.Input<string>;
  readonly sessionRecording?: pulumi.Input<boolean>;
  readonly recordingContainerUrl?: pulumi.Input<string>;
}

/** @param name - of the component, the default of the host's name. */
export function recordingNotice(name: string, args: NoticeArgs): pulumi.Output<string | undefined> {
  return pulumi
    .all([args.bastionHostName ?? name, args.sessionRecording ?? false, args.recordingContainerUrl ?? ""])
    .apply(([hostName, records, containerUrl]) =>
      records
        ? `Bastion host ${hostName} records sessions, and refuses every session until it has a SAS URL (read, create, write, list) ` +
          `of the container ${containerUrl}. Upload it once, in the portal under "Session recordings" of the host.`
        : undefined,
    );
}

/** Logs the notice; of one with a secret in it, only where it is. */
export function warnOf(notice: pulumi.Output<string | undefined>, subject: string, host: pulumi.Resource): void {
  notice.apply(async (text) => {
    if (text === undefined) return;
    const isHidden = await pulumi.isSecret(notice);
    const shown = `${subject} refuses every session until the step is done that its output recordingNotice has.`;
    await pulumi.log.warn(isHidden ? shown : text, host);
  });
}
