/** Events of the activity log, and the grants and rules that they must tell, in short. */
import { grantEnds } from "./lives/grantEnds.ts";
import { ruleAuthors } from "./lives/ruleAuthors.ts";
import type { Scenario } from "./lives/scenario.ts";
import { untoldRules } from "./lives/untoldRules.ts";

export const scenarios: Readonly<Record<string, Scenario>> = { ...grantEnds, ...untoldRules, ...ruleAuthors };
