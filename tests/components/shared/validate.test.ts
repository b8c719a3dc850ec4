import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { describeProblem } from "../../../components/shared/problem.ts";
import { checked, refuse, ValidationError } from "../../../components/shared/validate.ts";
import { recordProgram } from "../recordedProgram.ts";

const even = ({ size }: { size: number }) =>
  size % 2 === 0 ? [] : [{ key: "size", value: size, reason: "it must be even" }];

describe("refusing input", () => {
  it("names key, value and reason in one sentence", () => {
    assert.equal(
      describeProblem({ key: "zones", value: ["4"], reason: 'must be any of "1", "2", "3"' }),
      'zones is ["4"]; must be any of "1", "2", "3"',
    );
  });

  it("says that a value is missing, and never tries to print an Output", () => {
    assert.equal(
      describeProblem({ key: "sku", value: undefined, reason: "it is needed" }),
      "sku is missing; it is needed",
    );
    assert.throws(
      () => {
        refuse("BastionHost", [{ key: "lock", value: pulumi.output("x"), reason: "leave it out" }]);
      },
      { message: "BastionHost: lock is given; leave it out." },
    );
  });

  it("shows what nobody would see in a value or a key", () => {
    const reason = "must be one of Basic, Standard";
    const seen = (key: string, value: unknown) => describeProblem({ key, value, reason }).replace(`; ${reason}`, "");
    assert.equal(seen("sku", "Basic\u200b"), 'sku is "Basic\\u{200b}"');
    assert.equal(seen("sku", "\u0392asic"), 'sku is "\\u{392}asic"');
    assert.equal(seen("b\u0430stionSku", "Basic"), 'b\\u{430}stionSku is "Basic"');
    assert.equal(seen("tags.\u001b[31mred", 1), "tags.\\u{1b}[31mred is 1");
    assert.equal(seen("tags.ort", "Zürich 東京"), 'tags.ort is "Zürich 東京"');
    assert.equal(seen("days", NaN), "days is NaN");
  });

  it("hides passwords under their usual names, and private keys in every form", () => {
    const seen = (key: string, value: string) => describeProblem({ key, value, reason: "unknown property" });
    for (const key of ["adminPassword", "adminPwd", "passwd", "pass", "private_key"]) {
      assert.equal(seen(key, "hunter2"), `${key} is "[secret]"; unknown property`);
    }
    for (const key of [
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl",
      "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nAAAA",
      "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU",
    ]) {
      assert.equal(seen("sshPublicKey", key), 'sshPublicKey is "[secret]"; unknown property');
    }
    assert.equal(seen("passwordVaultId", "v"), 'passwordVaultId is "v"; unknown property');
  });

  it("lists several problems in one error, and one problem in one line", () => {
    const problems = [
      { key: "a", value: 1, reason: "it must be 2" },
      { key: "b", value: "x", reason: "it must be y" },
    ];
    assert.throws(
      () => {
        refuse('Thing "t"', problems);
      },
      new ValidationError('Thing "t"', problems),
    );
    assert.equal(
      new ValidationError('Thing "t"', problems).message,
      'Thing "t" has 2 problems:\n  - a is 1; it must be 2.\n  - b is "x"; it must be y.',
    );
    assert.equal(new ValidationError('Thing "t"', problems.slice(0, 1)).message, 'Thing "t": a is 1; it must be 2.');
  });

  it("passes when there is no problem", () => {
    refuse('Thing "t"', []);
  });

  it("keeps its message, to which Pulumi's SDK adds a property of each resource that waits for the value", () => {
    const error = new ValidationError('Thing "t"', [{ key: "a", value: 1, reason: "it must be 2" }]);
    error.message = `error serializing property "b": ${error.message}`;
    assert.deepEqual(
      [error.message, error.stack],
      ['Thing "t": a is 1; it must be 2.', 'Thing "t": a is 1; it must be 2.'],
    );
  });

  it("is a RunError, of which Pulumi prints the message without a stack", () => {
    assert.ok(pulumi.RunError.isInstance(new ValidationError("t", [])));
  });
});

describe("checking values", () => {
  it("gives plain values back as they are", () => {
    assert.deepEqual(checked("t", { size: 2 }, even), { size: 2 });
  });

  it("refuses plain values at once", () => {
    assert.throws(() => checked("t", { size: 3 }, even), { message: "t: size is 3; it must be even." });
  });

  it("gives every value back as an Output when one of them is an Output", async () => {
    const { result } = await recordProgram(() => {
      const values = checked<{ size: number; name: string }>("t", { size: pulumi.output(2), name: "n" }, even);
      assert.ok(pulumi.Output.isInstance(values.name));
      return values;
    });
    assert.deepEqual(result, { size: 2, name: "n" });
  });

  it("lets no value through once a later one is refused", async () => {
    await assert.rejects(
      recordProgram(() => {
        const values = checked<{ size: number; name: string }>("t", { size: pulumi.output(3), name: "n" }, even);
        return values.name;
      }),
      { message: "t: size is 3; it must be even." },
    );
  });

  it("refuses what is already known at once, and says nothing of the rest", () => {
    const check = ({ size, name }: Partial<{ size: number; name: string }>) => [
      ...(size === undefined ? [] : [{ key: "size", value: size, reason: "it must be even" }]),
      { key: "name", value: name, reason: "it is required" },
    ];
    const never = pulumi.output(new Promise<string>(() => undefined));
    const formed = { problems: [], missing: [] };
    assert.throws(() => checked("t", { size: 3, name: never }, check, formed, check), {
      message: "t: size is 3; it must be even.",
    });
  });

  it("repeats no secret value", async () => {
    const check = ({ size, name }: { size: number; name: string }) => [
      { key: "size", value: size, reason: "it must be even" },
      { key: "name", value: name, reason: "it must be short" },
    ];
    await assert.rejects(
      recordProgram(() => checked("t", { size: pulumi.output(3), name: pulumi.secret("hunter2") }, check).size),
      { message: 't has 2 problems:\n  - size is 3; it must be even.\n  - name is "[secret]"; it must be short.' },
    );
  });

  it("repeats no secret in the reason, or in a list", async () => {
    const check = ({ names, prefix }: { names: string[]; prefix: string }) => [
      { key: "names", value: names, reason: `must begin with ${prefix}` },
    ];
    await assert.rejects(
      recordProgram(
        () => checked("t", { names: ["b-1", pulumi.secret("b-2")], prefix: pulumi.secret("hunter") }, check).names,
      ),
      { message: 't: names is ["[secret]","[secret]"]; must begin with [secret].' },
    );
  });

  it("finds an Output or a Promise inside a list", async () => {
    const check = ({ names }: { names: string[] }) =>
      names.map((name) => ({ key: "names", value: name, reason: "no name is allowed" }));
    await assert.rejects(
      recordProgram(() => checked("t", { names: ["a", Promise.resolve("b")] }, check).names),
      { message: 't has 2 problems:\n  - names is "a"; no name is allowed.\n  - names is "b"; no name is allowed.' },
    );
  });
});
