import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeProfiles } from "../../cli/settings/profiles.ts";
import { recallNames, rememberNames, type NameKind } from "../../cli/seenNames.ts";
import { forEachTest, temporaryFolder } from "../held.ts";

const minute = 60_000;

describe("names for completion", () => {
  const folder = forEachTest(temporaryFolder);
  const start = Date.parse("2026-05-04T12:00:00Z");
  const place = (after = 0, env: Record<string, string> = {}, cwd = "/project") => ({
    cwd,
    env: { BASTION_TRAIL_CACHE: folder.path, BASTION_TRAIL_STATE: folder.path, ...env },
    now: () => new Date(start + after),
  });
  const names = (kind: NameKind, ...args: Parameters<typeof place>) =>
    recallNames(kind, {}, place(...args)).map(({ name }) => name);

  it("are there until they are too old: sessions for a quarter of an hour, VMs for a day", async () => {
    await rememberNames("session", [{ name: "s-1", hint: "ada on web" }], {}, place());
    await rememberNames("vm", [{ name: "web", hint: "" }], {}, place());
    assert.deepEqual([names("session", 14 * minute), names("session", 15 * minute)], [["s-1"], []]);
    assert.deepEqual([names("vm", 23 * 60 * minute), names("vm", 24 * 60 * minute)], [["web"], []]);
    assert.deepEqual(names("vm", -minute), []);
  });

  it("belong to one deployment", async () => {
    await rememberNames("vm", [{ name: "web", hint: "" }], { stack: "dev" }, place());
    const of = (flags: object, ...args: Parameters<typeof place>) =>
      recallNames("vm", flags, place(...args)).map(({ name }) => name);
    assert.deepEqual(of({ stack: "dev" }, 0, {}, "/elsewhere"), ["web"]);
    assert.deepEqual([of({ stack: "prod" }), of({}), of({ stack: "dev", subscription: "s" })], [[], [], []]);
    await rememberNames("vm", [{ name: "db", hint: "" }], {}, place());
    assert.deepEqual([of({}), of({}, 0, {}, "/elsewhere")], [["db"], []]);
    assert.deepEqual([of({}, 0, { PULUMI_STACK: "dev" }), of({}, 0, { PULUMI_STACK: "prod" })], [["web"], []]);
  });

  it("are those of the profile that is named or in use", async () => {
    const profiles = ["prod", "dev"].map((name) => {
      const vms = [{ name: `${name}-vm`, id: `/${name}`, privateIp: "", jitPolicyId: "" }];
      return { name, from: "a test", savedAt: "", values: { vms } };
    });
    const env = { BASTION_TRAIL_STATE: join(folder.path, "state") };
    await writeProfiles(env, { used: "prod", profiles });
    await rememberNames("vm", [{ name: "seen", hint: "" }], {}, place(0, env));
    const of = (flags: object, more: Record<string, string> = {}) =>
      recallNames("vm", flags, place(0, { ...env, ...more }, "/elsewhere")).map(({ name }) => name);
    assert.deepEqual(of({}), ["prod-vm", "seen"]);
    assert.deepEqual(of({ profile: "dev" }), ["dev-vm"]);
    assert.deepEqual(of({}, { BASTION_TRAIL_PROFILE: "dev" }), ["dev-vm"]);
    assert.deepEqual(
      recallNames("profile", {}, place(0, env)).map(({ name }) => name),
      ["dev", "prod"],
    );
    assert.deepEqual([of({ stack: "dev" }), of({}, { PULUMI_STACK: "dev" }), of({ profile: "nope" })], [[], [], []]);
  });

  it("are for their owner only, and leave no other file", async () => {
    await rememberNames("vm", [{ name: "web", hint: "" }], {}, place());
    const inner = join(folder.path, "completion");
    const [file = "", ...others] = readdirSync(inner);
    assert.deepEqual(others, []);
    if (process.platform !== "win32") {
      assert.deepEqual([statSync(inner).mode & 0o777, statSync(join(inner, file)).mode & 0o777], [0o700, 0o600]);
    }
  });

  it("are left out where a shell could take them for something else", async () => {
    const odd = ["-rf", "--evil", "a b", "$(x)", "`x`", "a;b", "", "a\tb", "a\nb", ".x"];
    await rememberNames(
      "vm",
      [...odd, "web-1.a"].map((name) => ({ name, hint: "" })),
      {},
      place(),
    );
    assert.deepEqual(names("vm"), ["web-1.a"]);
    await rememberNames("session", [{ name: "s-1", hint: "$(x)\t`y`\n" }], {}, place());
    assert.equal(recallNames("session", {}, place())[0]?.hint, "??x???y??");
  });

  it("are none where the files are damaged or cannot be written", async () => {
    await rememberNames("vm", [{ name: "web", hint: "" }], {}, place());
    const inner = join(folder.path, "completion");
    const file = join(inner, readdirSync(inner)[0]!);
    for (const text of [
      "",
      "{",
      "null",
      "[]",
      '{"at":1,"names":{}}',
      `{"at":"${place().now().toISOString()}","names":[1,null,{}]}`,
    ]) {
      writeFileSync(file, text);
      assert.deepEqual(names("vm"), [], text);
    }
    const blocked = join(folder.path, "file");
    writeFileSync(blocked, "");
    await rememberNames("vm", [{ name: "web", hint: "" }], {}, place(0, { BASTION_TRAIL_CACHE: blocked }));
    assert.ok(!existsSync(join(blocked, "completion")));
  });
});
