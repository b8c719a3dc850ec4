import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { folder, own, refusal, settingsFolder } from "./settingsFolder.ts";

describe("settings that are unknown or refused", () => {
  const { cwd, open, keepProfile, outputs, pulumi } = settingsFolder();

  it("say how an unknown value can be given", async () => {
    assert.equal(
      await refusal(() => open({}).need("bastionHostId")),
      "The Bastion host is not known. Pass --bastion ID, or name the deployment with --stack, --outputs or --profile.",
    );
  });

  const without = "Without Pulumi, pass --outputs FILE, or keep such a file as a profile: bastion-trail use FILE.";

  it("say why the selected stack does not help", async () => {
    outputs("Pulumi.yaml", "name: bastion-trail");
    const env = pulumi(`echo "error: no stack selected; please use 'pulumi stack select' to choose one" >&2; exit 255`);
    assert.equal(await open({}, env).find("archive"), undefined);
    assert.equal(
      await refusal(() => open({}, env).need("archive")),
      `The archive of the audit logs is not known: No stack is selected in ${cwd()}. ` +
        "Pass --archive URL, or name the deployment with --stack, --outputs or --profile.",
    );
  });

  it("say that the deployment that is named does not have a value", async () => {
    assert.equal(
      await refusal(() => open({ outputs: outputs("o.json", { subscriptionId: own }) }).need("archive")),
      "The archive of the audit logs is not known: outputs file o.json does not have it. " +
        "Pass --archive URL, or name the deployment with --stack, --outputs or --profile.",
    );
  });

  // What Pulumi 3.259 says.
  for (const [what, stderr, said] of [
    [
      "a stack that is not there",
      "error: no stack named 'dev' found",
      "Pulumi cannot find stack 'dev'. List the stacks with `pulumi stack ls --all`.",
    ],
    [
      "a folder without a project",
      "error: if you're using the --stack flag, pass the fully qualified name (organization/project/stack)",
      "No Pulumi project in CWD: cannot find stack 'dev'. " +
        "Run this in the project's folder, or pass the whole name: --stack ORGANIZATION/PROJECT/STACK.",
    ],
    [
      "nobody logged in",
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      "Not logged in to Pulumi; stack 'dev' cannot be read. Run `pulumi login`.",
    ],
    [
      "anything else, in Pulumi's words",
      'error: unable to open bucket "azblob://x": no credentials.\nwarning: A new version of Pulumi is available.',
      "Pulumi could not read stack 'dev': unable to open bucket \"azblob://x\": no credentials. " +
        "Check the stack and the Pulumi login.",
    ],
  ] as const) {
    it(`say in one sentence what to do about ${what}`, async () => {
      outputs("said", stderr);
      const env = pulumi(`cat '${join(cwd(), "said")}' >&2; exit 255`);
      const message = await refusal(() => open({ stack: "dev" }, env).need("archive"));
      assert.equal(message, `${said.replace("CWD", cwd())} ${without}`);
    });
  }

  it("say that Pulumi is missing", async () => {
    assert.equal(
      await refusal(() => open({ stack: "dev" }, { PATH: cwd() }).need("archive")),
      `Pulumi is not on PATH; stack 'dev' cannot be read without it. Install it: https://www.pulumi.com/docs/install. ${without}`,
    );
  });

  it("name the missing profile", async () => {
    await keepProfile("prod", own);
    const said = "Profile 'prd' not found. Did you mean 'prod'? Profiles: prod. Make one with: bastion-trail use FILE.";
    assert.equal(await refusal(() => open({ profile: "prd" }).need("archive")), said);
    assert.equal(await refusal(() => open({}, { BASTION_TRAIL_PROFILE: "prd" }).need("archive")), said);
  });

  const write = "Write it with: pulumi stack output --json > FILE.";
  for (const [what, content, said] of [
    ["is missing", undefined, `Outputs file CWD/o.json not found. ${write}`],
    ["is not JSON", "oops", `No JSON document in outputs file o.json. ${write}`],
    [
      "is of another version",
      { archive: { account: "a" }, vms: [{}] },
      "Malformed outputs in outputs file o.json: archive.blobEndpoint, archive.container, archive.blobPrefix, vms.0.name, " +
        "vms.0.id, vms.0.privateIp, vms.0.jitPolicyId. Deploy the stack with this version of the program, and write its outputs again.",
    ],
    [
      "is a list",
      [],
      "Malformed outputs in outputs file o.json: the whole document. " +
        "Deploy the stack with this version of the program, and write its outputs again.",
    ],
    [
      "is not an object",
      42,
      "Malformed outputs in outputs file o.json: the whole document. " +
        "Deploy the stack with this version of the program, and write its outputs again.",
    ],
  ] as const) {
    it(`refuse an outputs file that ${what}`, async () => {
      if (content !== undefined) outputs("o.json", content);
      assert.equal(await refusal(() => open({ outputs: "o.json" }).need("archive")), said.replace("CWD", cwd()));
    });
  }

  it("refuse a folder in the place of an outputs file", async () => {
    assert.equal(
      await refusal(() => open({ outputs: "." }).need("archive")),
      `Outputs file ${cwd()} cannot be read: it is a folder. ${write}`,
    );
  });

  for (const [encoding, bytes] of [
    ["UTF-16, as PowerShell writes it", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16 with the other byte order", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["UTF-8 with a byte order mark", (text: string) => Buffer.from(`\ufeff${text}`)],
  ] as const) {
    it(`read an outputs file in ${encoding}`, async () => {
      writeFileSync(join(cwd(), "o.json"), bytes(JSON.stringify({ tenantId: "Zürich" })));
      assert.equal(await open({ outputs: "o.json" }).need("tenantId"), "Zürich");
    });
  }

  const host = "/subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.Network/bastionHosts/NAME";
  for (const [what, env, name, said] of [
    [
      "an archive that is not a URL",
      { BASTION_TRAIL_ARCHIVE: "trail?sig=secret" },
      "archive",
      "The archive of the audit logs 'trail' from BASTION_TRAIL_ARCHIVE must be the account's blob endpoint: " +
        "https://ACCOUNT.blob.core.windows.net. Correct it. Pass --archive URL, or name the deployment with --stack, --outputs or --profile.",
    ],
    [
      "a workspace that is not a GUID",
      { BASTION_TRAIL_WORKSPACE: "law" },
      "workspaceCustomerId",
      "The Log Analytics workspace 'law' from BASTION_TRAIL_WORKSPACE must be a GUID, such as " +
        "00000000-0000-0000-0000-000000000000. Correct it. Pass --workspace ID, or name the deployment with --stack, --outputs or --profile.",
    ],
    [
      "a host that is not an ARM id",
      { BASTION_TRAIL_BASTION: "bst" },
      "bastionHostId",
      `The Bastion host 'bst' from BASTION_TRAIL_BASTION must be an ARM id: ${host}. ` +
        "Correct it. Pass --bastion ID, or name the deployment with --stack, --outputs or --profile.",
    ],
    [
      "a subscription that is a name",
      { ARM_SUBSCRIPTION_ID: "prod" },
      "subscriptionId",
      "The Azure subscription 'prod' from ARM_SUBSCRIPTION_ID must be a GUID, such as 00000000-0000-0000-0000-000000000000. " +
        "Correct it. Pass --subscription ID, or name the deployment with --stack, --outputs or --profile.",
    ],
  ] as const) {
    it(`refuse ${what}`, async () => {
      assert.equal(await refusal(() => open({}, env).need(name)), said);
    });
  }

  it("refuse a malformed host that would narrow what is read", async () => {
    const env = { BASTION_TRAIL_OUTPUTS: outputs("env.json", { archive: folder }), BASTION_TRAIL_BASTION: "bst" };
    await assert.rejects(open({}, env).need("archive"), /The Bastion host 'bst' from BASTION_TRAIL_BASTION must be /);
  });

  it("refuse two deployments at once", () => {
    for (const [flags, names] of [
      [{ outputs: "o.json", stack: "dev" }, "--outputs and --stack"],
      [{ profile: "prod", stack: "dev" }, "--stack and --profile"],
    ] as const) {
      assert.throws(() => open(flags), { message: `${names} each name a deployment.`, nextStep: "Use one of them." });
    }
  });
});
