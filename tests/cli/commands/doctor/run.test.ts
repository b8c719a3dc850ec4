import assert from "node:assert/strict";
import { ArmClient } from "../../../../cli/azure/armClient.ts";
import { publicCloud } from "../../../../cli/azure/cloud.ts";
import { ArmError } from "../../../../cli/azure/failure.ts";
import type { NamedCheck } from "../../../../cli/commands/doctor/check.ts";
import { found } from "../../../../cli/commands/doctor/finding.ts";
import { Inventory } from "../../../../cli/commands/doctor/inventory.ts";
import { knownBy } from "../../../../cli/commands/doctor/known.ts";
import { runCheck, type RunContext } from "../../../../cli/commands/doctor/run.ts";
import { checklistText } from "../../../../cli/commands/doctor/show.ts";
import { Uncheckable } from "../../../../cli/commands/doctor/uncheckable.ts";
import { formatTime } from "../../../../cli/time.ts";
import { fixedCredential } from "../../azure/fakeArm.ts";
import { ada, bare, group, subscriptionId, vmId } from "./fixture.ts";

/** What no file accepts. */
const none = { entries: [], places: [], expired: [] };

const denied = new ArmError({ status: 403, code: "AuthorizationFailed", message: "You may not." });
const need = { permission: "Microsoft.Network/bastionHosts/read", scope: group };

function context(more: Partial<RunContext> = {}): RunContext {
  return {
    inventory: new Inventory(new ArmClient({ cloud: publicCloud, credential: fixedCredential("token") }), bare),
    options: { roles: [], maxAgeMs: undefined, workspaceRecords: false },
    identity: ada,
    lastRecords: {} as RunContext["lastRecords"],
    known: knownBy([], none),
    signal: new AbortController().signal,
    ...more,
  };
}

const check = (examine: NamedCheck["examine"]): NamedCheck => ({ name: "network", title: "t", examine });
const failing = (error: Error) => check(() => Promise.reject(error));
const publicAddress = found("vm-public-address", vmId, "web has an address.", {
  ...{ subscription: subscriptionId, group: "rg", nic: "web-nic", config: "primary" },
});

describe("a check that is run", () => {
  it("passes with infos only, and has findings with a warning", async () => {
    const info = found("immutability-off", vmId, "Off.", {});
    const run = (...findings: (typeof info)[]) =>
      runCheck(
        check(() => Promise.resolve({ findings, seen: "Seen." })),
        context(),
      );
    assert.deepEqual(await run(info), {
      name: "network",
      status: "passed",
      detail: "Seen.",
      findings: [{ ...info, check: "network", accepted: null }],
      ignored: 0,
    });
    const { status, findings } = await run(info, publicAddress);
    assert.deepEqual([status, findings.map(({ severity }) => severity)], ["findings", ["warning", "info"]]);
  });

  it("may have nothing to examine", async () => {
    const { status, detail } = await runCheck(
      check(() => Promise.resolve({ skipped: "No VM." })),
      context(),
    );
    assert.deepEqual([status, detail], ["skipped", "No VM."]);
  });

  it("reports the permission that it lacks, and the command that gives it", async () => {
    const result = await runCheck(failing(new Uncheckable(need, denied)), context());
    assert.deepEqual(result, {
      name: "network",
      status: "unknown",
      detail: "Could not be checked.",
      findings: [
        {
          code: "permission-denied",
          severity: "warning",
          check: "network",
          resource: group,
          message: "Not checked: this needs Microsoft.Network/bastionHosts/read. Azure says: You may not.",
          fix: `az role assignment create --assignee-object-id oid --assignee-principal-type User --role Reader --scope ${group} # gives Microsoft.Network/bastionHosts/read`,
          accepted: null,
        },
      ],
      ignored: 0,
    });
  });

  it("names the role that gives what Reader does not, also for refusals of other services", async () => {
    const error = Object.assign(new Error("This request is not authorized."), { status: 403, nextStep: "Sign in." });
    const { findings } = await runCheck(
      failing(new Uncheckable({ ...need, role: "Storage Blob Data Reader" }, error)),
      context(),
    );
    assert.equal(findings[0]?.code, "permission-denied");
    assert.match(findings[0].fix, /--role "Storage Blob Data Reader" /);
  });

  it("creates a role of this project first", async () => {
    const [finding] = (
      await runCheck(failing(new Uncheckable({ ...need, role: "Bastion Trail Doctor" }, denied)), context())
    ).findings;
    const [create = "", assign] = finding!.fix.split("\n");
    const [, json = ""] =
      /^az role definition create --subscription \S+ --role-definition '(.*)' # once; /.exec(create) ?? [];
    const role = JSON.parse(json.replaceAll(String.raw`'\''`, "'")) as Record<string, unknown>;
    assert.deepEqual(
      [role.Name, role.AssignableScopes],
      ["Bastion Trail Doctor", [`/subscriptions/${subscriptionId}`]],
    );
    assert.match(
      assign!,
      /^az role assignment create --assignee-object-id oid .* --role "Bastion Trail Doctor" --scope /,
    );
  });

  it("reports any other failure, with the next step that it knows", async () => {
    const network = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    const [one] = (await runCheck(failing(new Uncheckable(need, network)), context())).findings;
    assert.deepEqual(
      [one?.code, one?.resource, one?.message, one?.fix],
      [
        "could-not-check",
        group,
        "Not checked: Connection refused: connect ECONNREFUSED. Check the name of the account or endpoint, the network and the proxy.",
        "bastion-trail doctor --only network --debug # after fixing the reported problem",
      ],
    );
    const [other] = (await runCheck(failing(new TypeError("x is not a function")), context())).findings;
    assert.deepEqual(
      [other?.code, other?.resource, other?.message],
      ["could-not-check", `/subscriptions/${subscriptionId}`, "Not checked: x is not a function."],
    );
  });

  it("continues without a part that failed, which is reported once", async () => {
    const result = await runCheck(
      check(async ({ attempt }) => {
        const read = () => attempt<number>(() => Promise.reject(new Uncheckable(need, denied)));
        assert.deepEqual([await read(), await read()], [undefined, undefined]);
        return { findings: [publicAddress], seen: "Seen." };
      }),
      context(),
    );
    assert.deepEqual(
      [result.status, result.detail, result.findings.map(({ code }) => code)],
      ["unknown", "Seen.", ["permission-denied", "vm-public-address"]],
    );
  });

  it("is left out if it was interrupted", async () => {
    const controller = new AbortController();
    controller.abort(new Error("Stopped."));
    await assert.rejects(runCheck(failing(denied), context({ signal: controller.signal })), { message: "Stopped." });
  });
});

describe("findings that are accepted", () => {
  const run = (...texts: string[]) =>
    runCheck(
      check(() => Promise.resolve({ findings: [publicAddress], seen: "Seen." })),
      context({ known: knownBy(texts, none) }),
    );

  it("are counted instead of listed", async () => {
    for (const text of ["vm-public-address", "vm-public-address=WEB", `vm-public-address=${vmId.toUpperCase()}`]) {
      const { status, findings, ignored } = await run("jit-bypassed", text);
      assert.deepEqual([status, findings, ignored], ["passed", [], 1], text);
    }
  });

  it("are listed after the others, with the reason, if they come from a file", async () => {
    const accepted = { reason: "moved in June", owner: "ops", expires: "2026-06-30T23:59:59.999Z" };
    const entry = { code: "vm-public-address", resource: "WEB", ...accepted };
    const info = found("immutability-off", vmId, "Off.", {});
    const { status, findings, ignored } = await runCheck(
      check(() => Promise.resolve({ findings: [publicAddress, info], seen: "Seen." })),
      context({ known: knownBy([], { ...none, entries: [entry] }) }),
    );
    assert.deepEqual([status, ignored], ["passed", 0]);
    assert.deepEqual(findings, [
      { ...info, check: "network", accepted: null },
      { ...publicAddress, check: "network", accepted },
    ]);
    assert.throws(() => knownBy([], { ...none, entries: [{ ...entry, code: "vm-public" }] }), {
      message: "Unknown finding 'vm-public'. Did you mean 'vm-public-address'?",
    });
  });

  it("are those of the resource that is named", async () => {
    assert.equal((await run("vm-public-address=db")).status, "findings");
  });

  it("must have a known code", () => {
    assert.throws(() => knownBy(["vm-public", "toString=x", "jit-bypassed"], none), {
      message: "Unknown finding 'vm-public'. Did you mean 'vm-public-address'? Unknown finding 'toString'.",
      nextStep:
        "Use a finding's code, such as immutability-off; " +
        "https://github.com/bastion-trail/bastion-trail/blob/main/docs/cli.md#findings lists all of them.",
    });
  });

  it("have a resource after =", () => {
    assert.throws(() => knownBy(["vm-public-address=", "jit-bypassed=db", "nic-unguarded= "], none), {
      message: "--ignore vm-public-address=, nic-unguarded= names no resource.",
      nextStep: "Put its name or ARM id after =, or leave out = to ignore the finding of every resource.",
    });
  });
});

describe("the list for a person", () => {
  const results = [
    {
      name: "network",
      status: "findings" as const,
      detail: "One VM was looked at, and what stands before it.",
      findings: [
        {
          ...{ ...publicAddress, check: "network", message: "web has an \u{1b}[31maddress.", fix: "first\nsecond" },
          accepted: null,
        },
      ],
      ignored: 0,
    },
    { name: "jit", status: "passed" as const, detail: "Fine.", findings: [], ignored: 0 },
  ];

  it("has findings with their commands, then the checks; with what a terminal would act on made visible", () => {
    assert.equal(
      checklistText(results, { colour: false, width: undefined, local: false }),
      [
        "warning  vm-public-address",
        "    web has an \\u{1b}[31maddress.",
        "    $ first",
        "    $ second",
        "",
        "findings  network  One VM was looked at, and what stands before it.",
        "passed    jit      Fine.",
        "",
      ].join("\n"),
    );
  });

  it("has once what several checks could not read for the same reason", () => {
    const [one, two] = results;
    const style = { colour: false, width: undefined, local: false };
    const text = checklistText([one!, { ...two!, findings: [{ ...one!.findings[0]!, check: "jit" }] }], style);
    assert.equal(text, checklistText(results, style));
  });

  it("breaks sentences, and no commands", () => {
    const long = "az ".repeat(20).trim();
    const [one, two] = results;
    const text = checklistText([{ ...one!, findings: [{ ...one!.findings[0]!, fix: long }] }, two!], {
      colour: false,
      width: 45,
      local: false,
    });
    assert.deepEqual(text.split("\n").slice(2), [
      `    $ ${long}`,
      "",
      "findings  network  One VM was looked at, and",
      "                   what stands before it.",
      "passed    jit      Fine.",
      "",
    ]);
  });

  it("has times in the local time zone on request", () => {
    const [, passed] = results;
    const text = checklistText([{ ...passed!, detail: "Arrived (2026-05-04 09:00:00Z)." }], {
      colour: false,
      width: undefined,
      local: true,
    });
    assert.equal(text, `passed    jit  Arrived (${formatTime("2026-05-04T09:00:00Z", { local: true })}).\n`);
  });

  it("has colours if the terminal supports them", () => {
    const text = checklistText(results, { colour: true, width: undefined, local: false });
    assert.match(text, /^\u{1b}\[33mwarning\u{1b}\[39m {2}\u{1b}\[1mvm-public-address/u);
    assert.match(text, /\n\u{1b}\[32mpassed {2}\u{1b}\[39m {2}jit/u);
  });
});
