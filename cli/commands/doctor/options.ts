import { checkNames } from "./checks/index.ts";
import { roleNames } from "./roles.ts";
import { choices, duration, flag, formatOptions, settingsOptions, text, texts } from "../../options.ts";

export const doctorOptions = {
  only: text("--only <checks>", "run only these checks, separated by commas", { suggestions: checkNames }),
  ignore: texts("--ignore <code>", "leave out these findings: CODE, or CODE=RESOURCE for one resource; repeatable"),
  accept: text("--accept <file>", "known findings, with reason, owner and expiry: JSON or YAML", {
    completes: "file",
  }),
  role: choices("--role <role>", "require this role of the identity; repeatable", roleNames),
  maxAge: duration("--max-age <length>", "warn if the last record is older: 24h, 7d"),
  workspaceRecords: flag("--workspace-records", "compare with the workspace's last record"),
  wholeSubscription: flag("--whole-subscription", "check the whole subscription instead of one deployment"),
  ...formatOptions,
  ...settingsOptions,
} as const;
