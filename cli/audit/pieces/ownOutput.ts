/** Tells the output of this CLI, which is no log: its sessions and activities are made of many records. */

const outputs: readonly { readonly members: readonly (readonly string[])[]; readonly reason: string }[] = [
  {
    // The document in JSON, then a row in CSV, NDJSON and `--follow`.
    members: [
      ["sessions", "coverage"],
      ["tunnelId", "start", "state", "records"],
    ],
    reason: "This is the output of logs, with sessions instead of records: save it with --records.",
  },
  {
    members: [
      ["trail", "coverage"],
      ["start", "verdict", "link"],
    ],
    reason: "This is the output of trail, not a log.",
  },
  {
    members: [
      ["activities", "coverage"],
      ["lastTime", "originBy", "beyond"],
    ],
    reason: "This is the output of activity, not a log.",
  },
];

/** Returns why a value or a row with these members is no log entry, if it is output of this CLI. */
export function ownOutput(members: readonly string[]): string | undefined {
  return outputs.find((one) => one.members.some((names) => names.every((name) => members.includes(name))))?.reason;
}
