import assert from "node:assert/strict";
import { join } from "node:path";
import { foldActivity } from "../../../../cli/audit/activity/foldActivity.ts";
import type { ActivityEvent } from "../../../../cli/audit/activity/types.ts";
import * as grantModule from "../../../../cli/audit/trail/grantLives.ts";
import * as linkedModule from "../../../../cli/audit/trail/linkedRequests.ts";
import * as requestModule from "../../../../cli/audit/trail/requestFacts.ts";
import * as ruleModule from "../../../../cli/audit/trail/ruleLives.ts";
import {
  allowName,
  asked,
  at,
  byDefender,
  event,
  fourEvents,
  nsgId,
  nsgWrite,
  rule,
  vmId,
} from "../activity/events.ts";
import { mutatedModule } from "./mutatedModule.ts";
import { scenarios } from "./grantLifeScenarios.ts";
import { mutations, type Modules } from "./grantLifeMutations.ts";

const original: Modules = { grants: grantModule, linked: linkedModule, requests: requestModule, rules: ruleModule };

/** What the events say of grants and of the rules that let something in, in short. */
async function said({ grants, linked, requests, rules }: Modules, events: readonly ActivityEvent[]) {
  const activities = await Array.fromAsync(foldActivity(events));
  const made = activities.flatMap((activity) => requests.requestOf(activity) ?? []);
  const lives = new rules.RuleLives(new linked.LinkedRequests(made));
  activities.forEach((activity) => {
    lives.addWrite(activity);
  });
  const all = lives.result().filter((life) => life.rule?.access !== "deny");
  return {
    grants: grants
      .grantLives(made, all, Date.parse(at(100_000)), lives.untoldRequests())
      .map(
        ({ request, port, until, endedBy, ruleTold }) =>
          `${request.by ?? ""} ${port} ${iso(until)} ${endedBy ?? ""}${ruleTold ? "" : " no rule"}`,
      ),
    begins: all.map(({ from }) => Number(iso(from))),
    rules: all.map(
      ({ name, author, request, correlated, until }) =>
        `${name === allowName ? "JIT" : name} by ${author === "Defender for Cloud" ? "Defender" : (author ?? "")}` +
        `${request === null ? "" : ` for ${request.by ?? ""}`}${correlated ? " by id" : ""} until ${until === null ? "" : iso(until)}`,
    ),
  };
}

function iso(time: number): string {
  return String((time - Date.parse(at(0))) / 1000);
}

const folder = join(import.meta.dirname, "../../../../cli/audit/trail");
describe("grants and rules by the activity log", () => {
  for (const [name, { events, grants, rules, from }] of Object.entries(scenarios)) {
    it(`tell ${name}`, async () => {
      const { begins, ...told } = await said(original, events);
      assert.deepEqual(told, { grants, rules });
      if (from !== undefined) assert.deepEqual(begins, from);
    });
  }

  it("compare a guest by both names", async () => {
    const [activity] = await Array.fromAsync(foldActivity(scenarios["a guest, whom logs call by two names"]!.events));
    assert.deepEqual(requestModule.requestOf(activity!)?.people, [
      "ada_example.com#ext#@contoso.onmicrosoft.com",
      "ada@example.com",
    ]);
  });

  it("know the addresses of each VM of a request, or those of all VMs if the rules do not name theirs", async () => {
    const db = vmId.replace(/web$/, "db");
    const vms = [vmId, db].map((id) => ({ ...asked.vms[0]!, id }));
    const addresses = async (described: (vm: string) => string | null) => {
      const rules = ["web", "db"].map((vm, index) =>
        rule(allowName.replace("123", `12${index}`), {
          destinations: [`10.60.1.${4 + index}/32`],
          description: described(vm),
        }),
      );
      const activities = await Array.fromAsync(
        foldActivity([
          { ...fourEvents[0]!, asked: { ...asked, vms } },
          event(2, nsgWrite, { resource: nsgId, ...byDefender, rules }),
        ]),
      );
      const requests = activities.flatMap((activity) => requestModule.requestOf(activity) ?? []);
      const lives = new ruleModule.RuleLives(new linkedModule.LinkedRequests(requests));
      activities.forEach((activity) => {
        lives.addWrite(activity);
      });
      const grants = grantModule.grantLives(requests, lives.result(), Date.parse(at(100_000)), new Set());
      return grants.map(({ vmName, vmIps }) => `${vmName}: ${vmIps.join(", ")}`);
    };
    assert.deepEqual(await addresses((vm) => `rule of VM '${vm}'.`), ["web: 10.60.1.4", "db: 10.60.1.5"]);
    assert.deepEqual(await addresses(() => null), ["web: 10.60.1.4, 10.60.1.5", "db: 10.60.1.4, 10.60.1.5"]);
  });

  it("compare a person by all names in the claims: `caller` is only one of them", async () => {
    const names = { caller: "0aD1-oid", email: "ada@example.com", upn: "ADA@corp.example.com", objectId: "0ad1-oid" };
    const [activity] = await Array.fromAsync(foldActivity([{ ...fourEvents[0]!, ...names }]));
    assert.deepEqual(activity?.callerNames, ["0ad1-oid", "ada@example.com", "ADA@corp.example.com"]);
    assert.deepEqual(requestModule.requestOf(activity)?.people, [
      "0ad1-oid",
      "ada@example.com",
      "ada@corp.example.com",
    ]);
  });

  for (const [module, file, drops, text, by] of mutations) {
    it(`fail without: ${drops}`, async () => {
      const mutant = { ...original, [module]: await mutatedModule(join(folder, file), text, by) };
      const answers = await Promise.all(
        Object.values(scenarios).map(async ({ events, grants, rules }) => {
          const { begins, ...answer } = await said(mutant, events);
          assert.equal(begins.length, answer.rules.length);
          return JSON.stringify(answer) === JSON.stringify({ grants, rules });
        }),
      );
      assert.ok(answers.includes(false), "No scenario notices.");
    });
  }
});
