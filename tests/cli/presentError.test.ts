import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { ArmError } from "../../cli/azure/failure.ts";
import { commands, groups } from "../../cli/commands/index.ts";
import { asOne, UserError } from "../../cli/errors.ts";
import { explain, present } from "../../cli/presentError.ts";
import { runProgram } from "../../cli/program.ts";
import { readRole, roleFileNames, roleFilePath } from "../../cli/roleFiles.ts";
import { fakeIo } from "./fakeIo.ts";

const scope = "/subscriptions/s/resourceGroups/rg";
const denied = (action: string) =>
  new ArmError({
    status: 403,
    code: "AuthorizationFailed",
    message:
      `The client 'ada@example.com' with object id 'o' does not have authorization to perform action '${action}' over scope ` +
      `'${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  });

describe("a refusal that a role would fix", () => {
  for (const [action, role] of [
    ["Microsoft.Network/bastionHosts/getActiveSessions/action", "operator"],
    ["microsoft.network/BASTIONHOSTS/disconnectActiveSessions/action", "operator"],
    ["Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action", "requester"],
    ["Microsoft.Security/locations/jitNetworkAccessPolicies/operationResults/read", "requester"],
    ["Microsoft.Network/networkSecurityGroups/securityRules/delete", "operator"],
    ["Microsoft.Insights/diagnosticSettings/read", "doctor"],
  ] as const) {
    it(`names the file of the first role that allows ${action}`, () => {
      assert.deepEqual(explain(denied(action)), {
        message: `Access denied: ada@example.com needs ${action} on ${scope}.`,
        nextStep: `Ask for the role ${readRole(role).Name} (${roleFilePath(role)}); a new role takes a few minutes to apply.`,
      });
    });
  }

  it("names Azure's role Reader if no role file allows the action", () => {
    assert.equal(
      explain(denied("Microsoft.Compute/galleries/read")).nextStep,
      "Ask for the role Reader; a new role takes a few minutes to apply.",
    );
  });

  it("is Azure's own message if that does not name the caller and the permission", () => {
    const error = new ArmError({ status: 403, code: "AuthorizationFailed", message: "No." });
    assert.equal(explain(error).message, "No.");
  });

  it("is left unchanged if a role would not help", () => {
    const message = "Resource 'web' was disallowed by policy.";
    const error = new ArmError({ status: 403, code: "RequestDisallowedByPolicy", message });
    assert.deepEqual(explain(error, "operator"), { message, nextStep: "" });
  });

  for (const { name, role, ...command } of commands.filter((one) => one.role !== undefined)) {
    it(`of ${name} names the file of its role, which is there, where Azure does not say what is missing`, async () => {
      const io = fakeIo();
      const load = () => Promise.reject(new ArmError({ status: 403, code: "AuthorizationFailed", message: "No." }));
      const operands = (command.operands ?? []).filter(({ required }) => required).map(() => "x");
      const reason = "reason" in command.options ? ["--reason", "r"] : [];
      const known = [{ ...command, name, role, load }];
      const words = [...name.split(" "), ...operands, ...reason];
      assert.equal(await runProgram(words, io, { commands: known, groups, version: "1" }), 2);
      const [, path = ""] = /^error: No\. Ask for the role Bastion Trail \w+ \((.*)\); /.exec(io.written.stderr) ?? [];
      assert.equal(path, roleFilePath(role!));
      assert.ok(isAbsolute(path) && existsSync(path), io.written.stderr);
    });
  }
});

describe("an error with --debug", () => {
  it("has Azure's code and the request id beside the stack", async () => {
    const io = fakeIo();
    const error = new ArmError({ status: 409, code: "Conflict", message: "Busy.", requestId: "r-1" });
    await present(error, io, true);
    const [first, ...rest] = io.written.stderr.trimEnd().split("\n");
    assert.equal(first, "error: Busy. Another change may be in progress: try again in a minute.");
    assert.equal(rest.at(-1), "Azure's answer: status 409, code Conflict, request id r-1");
  });
});

describe("the roles", () => {
  it("have a name and actions", () => {
    assert.deepEqual(
      roleFileNames.map((name) => [readRole(name).Name, readRole(name).Actions.length > 0]),
      [
        ["Bastion Trail Requester", true],
        ["Bastion Trail Operator", true],
        ["Bastion Trail Doctor", true],
      ],
    );
  });
});

describe("several problems", () => {
  const problems = [
    new UserError("A is wrong.", "Mend A.", { details: ["a1"] }),
    new UserError("B is wrong.", "Mend B."),
  ];
  const inner = asOne(problems);
  const outer = inner && asOne([inner, new UserError("C is wrong.", "Mend C.")]);

  it("are below each other, each with its next step and its list", async () => {
    const io = fakeIo();
    await present(outer, io, false);
    assert.equal(
      io.written.stderr,
      "error: A is wrong. Mend A.\n  - a1\nerror: B is wrong. Mend B.\nerror: C is wrong. Mend C.\n",
    );
  });

  it("are in one row where there is room for one message", () => {
    assert.deepEqual(explain(outer), {
      message: "A is wrong. Mend A. B is wrong. Mend B. C is wrong.",
      nextStep: "Mend C.",
    });
  });
});
