import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../sandbox/arm/json.ts";
import { needsChdb } from "../sandbox/query/queryPlane.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox } from "./harness.ts";

interface Report {
  readonly findings: readonly {
    code: string;
    severity: string;
    check: string;
    resource: string;
    message: string;
    fix: string;
  }[];
  readonly checks: readonly { name: string; status: string; detail: string; ignored: number }[];
}

/** What a deployment as it comes is told of; the defaults are for the person to judge. */
const usual = ["immutability-off", "records-none"];

/** A deployment that is broken one piece after the other, by what anybody with the right can do to it in Azure. */
describe("doctor, in the sandbox", () => {
  let subscription: string;
  let group: string;
  const sandbox = forSuite(() => TestSandbox.start());
  before(() => {
    subscription = `/subscriptions/${sandbox.description.subscriptionId}`;
    group = `${subscription}/resourceGroups/trail`;
  });

  function run(...args: string[]) {
    return sandbox.cli(["doctor", ...args]);
  }

  /** Runs it, and holds the exit code to what was found. */
  async function examine(...args: string[]): Promise<Report> {
    const { exitCode, stdout, stderr } = await run("--json", ...args);
    assert.ok(exitCode < 2, stderr);
    const report = JSON.parse(stdout) as Report;
    assert.equal(exitCode, report.findings.some(({ severity }) => severity !== "info") ? 1 : 0);
    return report;
  }

  async function codes(...args: string[]): Promise<string[]> {
    return (await examine(...args)).findings.map(({ code }) => code).sort();
  }

  async function arm(method: "GET" | "PUT" | "DELETE" | "POST", id: string, version: string, body?: JsonObject) {
    const answer = await sandbox.arm(method, `${id}?api-version=${version}`, body);
    assert.ok(answer.status < 300, `${method} ${id}: ${JSON.stringify(answer.body)}`);
    await sandbox.succeed("clock", "+1m"); // Long-running operations end.
    return answer.body;
  }

  /** Takes something away for the length of a step, and puts it back as it was. */
  async function without(id: string, version: string, step: () => Promise<void>): Promise<void> {
    const { properties, ...rest } = await arm("GET", id, version);
    await arm("DELETE", id, version);
    await step();
    await arm("PUT", id, version, { ...pick(rest, "kind", "location"), properties: properties! });
  }

  function pick(body: JsonObject, ...names: string[]): JsonObject {
    return Object.fromEntries(names.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])));
  }

  const network = "2024-05-01";
  const settings = "2021-05-01-preview";
  const host = () => `${group}/providers/Microsoft.Network/bastionHosts/trail-bastion`;
  const setting = async () => {
    const list = await arm("GET", `${host()}/providers/Microsoft.Insights/diagnosticSettings`, settings);
    const [one] = list.value as JsonObject[];
    return one as { id: string; name: string; properties: JsonObject };
  };
  const nsg = () => `${group}/providers/Microsoft.Network/networkSecurityGroups/web-nsg`;
  const rule = (name: string) => `${nsg()}/securityRules/${name}`;
  const allow = (more: JsonObject = {}): JsonObject => ({
    properties: {
      access: "Allow",
      direction: "Inbound",
      priority: 200,
      protocol: "Tcp",
      sourcePortRange: "*",
      sourceAddressPrefix: "10.60.0.0/26",
      destinationAddressPrefix: "10.60.1.4",
      destinationPortRange: "22",
      ...more,
    },
  });

  describe("of a subscription that has nothing yet", () => {
    it("says what is missing, and that the outputs are not there", async () => {
      const { exitCode, stderr } = await run();
      assert.equal(exitCode, 2);
      assert.match(stderr, /^error: Outputs file .* not found\. Write it with: pulumi stack output --json > FILE\.\n$/);
      assert.deepEqual(await codes("--whole-subscription"), [
        "activity-not-exported",
        "bastion-none",
        "defender-plan-off",
      ]);
    });

    it("reports a provider that is not registered", async () => {
      await arm("POST", `${subscription}/providers/Microsoft.Security/unregister`, "2021-04-01");
      const { findings } = await examine("--whole-subscription", "--only", "providers");
      assert.deepEqual(
        findings.map(({ code, message }) => [code, message]),
        [["provider-not-registered", "The resource provider Microsoft.Security is not registered."]],
      );
      assert.equal(
        findings[0]?.fix,
        `az provider register --namespace Microsoft.Security --subscription ${sandbox.description.subscriptionId} --wait`,
      );
      const plan = `${subscription}/providers/Microsoft.Security/pricings/VirtualMachines?api-version=2024-01-01`;
      const refused = await sandbox.arm("PUT", plan, { properties: { pricingTier: "Free" } });
      assert.equal((refused.body.error as JsonObject).code, "MissingSubscriptionRegistration");
      await arm("POST", `${subscription}/providers/Microsoft.Security/register`, "2021-04-01");
      assert.deepEqual(await codes("--whole-subscription", "--only", "providers"), []);
    });

    it("ends with 2 for a subscription that there is not", async () => {
      const { exitCode, stderr } = await run(
        "--whole-subscription",
        "--subscription",
        "00000000-0000-0000-0000-000000000000",
      );
      assert.deepEqual(
        [exitCode, stderr],
        [
          2,
          "error: The subscription '00000000-0000-0000-0000-000000000000' could not be found. Check the id, and sign in to its tenant: `az login --tenant TENANT`.\n",
        ],
      );
    });
  });

  describe("of a deployment", () => {
    before(() => sandbox.up(smallConfig));

    it("finds nothing wrong with it as it comes", async () => {
      const { checks, findings } = await examine();
      assert.deepEqual(findings.map(({ code }) => code).sort(), usual);
      assert.deepEqual(
        checks.map(({ name, status }) => `${name}: ${status}`),
        [
          ...["providers", "defender", "permissions", "bastion", "diagnostics", "archive", "records", "immutability"],
          ...["activity", "flow-logs", "jit", "network", "standing-rules", "orphaned-rules"],
        ].map((name) => `${name}: passed`),
      );
    });

    it("shows a person each check, and what to do in commands that are whole", async () => {
      const { exitCode, stdout, stderr } = await run("--only", "defender,immutability");
      assert.deepEqual([exitCode, stderr], [0, "0 errors, 0 warnings, 1 info, 2 of 2 checks passed.\n"]);
      assert.match(
        stdout,
        /^info {2}immutability-off\n {4}The records in \S+ can be changed and deleted\.\n {4}\$ pulumi config set immutability unlocked && pulumi up # /,
      );
      assert.match(stdout, /\npassed {4}defender {6}Defender for Servers has Plan 2\.\n/);
    });

    it("has the same as CSV", async () => {
      const { stdout } = await run("--csv", "--only", "records");
      assert.match(
        stdout,
        /^code,severity,check,resource,message,fix,accepted,acceptedOwner,acceptedUntil\r?\nrecords-none,info,records,\/subscriptions\//,
      );
    });

    it("finds the same without the settings of a deployment", async () => {
      assert.deepEqual(await codes("--whole-subscription"), usual);
    });

    it("reports when the last record arrived", async () => {
      await sandbox.request("web");
      assert.equal((await sandbox.connect("web", "--minutes", "5")).outcome, "connected");
      const { checks, findings } = await examine();
      assert.deepEqual(
        findings.map(({ code }) => code),
        ["immutability-off"],
      );
      assert.match(
        checks.find(({ name }) => name === "records")!.detail,
        /^The last record of trail-bastion arrived .+ ago \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ\)\.$/,
      );
    });

    it("asks the workspace for the same, where somebody wants that", async function () {
      await needsChdb.call(this);
      const { checks, findings } = await examine("--only", "records", "--workspace-records");
      assert.deepEqual(findings, []);
      assert.match(checks[0]!.detail, / ago \([^)]+\), the workspace's .+ ago \([^)]+\)\.$/);
    });

    it("reports a host whose logs go nowhere", async () => {
      await without((await setting()).id, settings, async () => {
        const { findings } = await examine("--only", "diagnostics");
        assert.deepEqual(
          findings.map(({ code, message }) => [code, message]),
          [["audit-not-sent", "No diagnostic setting sends the audit logs of trail-bastion."]],
        );
        assert.match(findings[0]!.fix, /--storage-account \/subscriptions\/\S+ --workspace \/subscriptions\//);
      });
      assert.deepEqual(await codes("--only", "diagnostics"), []);
    });

    it("reports a sink that is missing", async () => {
      const { id, properties } = await setting();
      const { workspaceId, storageAccountId, ...rest } = properties;
      await arm("PUT", id, settings, { properties: { ...rest, storageAccountId: storageAccountId! } });
      assert.deepEqual(await codes("--only", "diagnostics"), ["audit-not-in-workspace"]);
      await arm("PUT", id, settings, { properties: { ...rest, workspaceId: workspaceId! } });
      assert.deepEqual(await codes("--only", "diagnostics"), ["audit-not-archived"]);
      await arm("PUT", id, settings, { properties });
      assert.deepEqual(await codes("--only", "diagnostics"), []);
    });

    it("reports an archive in another region", async () => {
      const id = `${group}/providers/Microsoft.Storage/storageAccounts/elsewhere`;
      const account = { location: "northeurope", kind: "StorageV2", sku: { name: "Standard_LRS" }, properties: {} };
      await arm("PUT", id, "2024-01-01", account);
      const { properties } = await arm("GET", id, "2024-01-01");
      const { blob } = (properties as { primaryEndpoints: { blob: string } }).primaryEndpoints;
      const { findings } = await examine("--only", "diagnostics,archive", "--archive", blob);
      assert.deepEqual(
        findings.map(({ code }) => code),
        ["archive-in-other-region", "sink-elsewhere"],
      );
      assert.equal(
        findings[0]?.message,
        "The archive elsewhere is in northeurope, and the Bastion host trail-bastion in westeurope.",
      );
      await arm("DELETE", id, "2024-01-01");
    });

    it("reports a standing rule that bypasses JIT", async () => {
      await arm("PUT", rule("AllowBastion"), network, allow());
      const { findings } = await examine("--ignore", "immutability-off");
      assert.deepEqual(
        findings.map(({ code, message, fix }) => [code, message, fix]),
        [
          [
            "jit-bypassed",
            "The rule AllowBastion (priority 200) of web-nsg lets 10.60.0.0/26 reach port 22 of web without a request.",
            `az network nsg rule delete --subscription ${sandbox.description.subscriptionId} --resource-group trail --nsg-name web-nsg --name AllowBastion`,
          ],
        ],
      );
      assert.deepEqual(await codes("--ignore", "immutability-off", "--ignore", "jit-bypassed=AllowBastion"), []);
      await arm("DELETE", rule("AllowBastion"), network);
    });

    it("reports a rule under Defender's name that opens more than was requested", async () => {
      const name = "MicrosoftDefenderForCloud-JITRule-1151-0123456789ABCDEF0123456789ABCDEF";
      await arm("PUT", rule(name), network, allow({ destinationPortRange: "3389" }));
      assert.deepEqual(await codes("--only", "standing-rules,orphaned-rules"), ["jit-rule-wider"]);
      await arm("DELETE", rule(name), network);
    });

    it("reports a rule that passes for Defender's, and Defender's own that somebody widened", async () => {
      await sandbox.request("web");
      assert.deepEqual(await codes("--only", "standing-rules,orphaned-rules"), []);
      const temporary = rule("MicrosoftDefenderForCloud-JITRule-temp");
      await arm("PUT", temporary, network, allow({ sourceAddressPrefix: "Internet" }));
      const { findings } = await examine("--only", "standing-rules,orphaned-rules");
      assert.equal(findings.length, 1);
      assert.match(
        findings[0]!.message,
        /^The rule MicrosoftDefenderForCloud-JITRule-temp \(priority 200\) of web-nsg opens more than the active requests ask for: source Internet\. Requested: 10\.60\.0\.0\/26 to port 22 of web \(10\.60\.1\.4\) until .*\. Written by ada@example\.com at .*, by the activity log\.$/,
      );
      await arm("DELETE", temporary, network);
      const { value } = await arm("GET", `${nsg()}/securityRules`, network);
      const own = (value as { id: string; properties: JsonObject }[]).find(
        ({ id, properties }) => id.includes("JITRule") && properties.access === "Allow",
      )!;
      for (const [more, beyond] of [
        [{ sourceAddressPrefix: "*" }, "source *"],
        [{ destinationPortRange: "0-65535" }, "port 0-65535"],
        [{ destinationAddressPrefix: "*" }, "destination *"],
      ] as const) {
        await arm("PUT", own.id, network, { properties: { ...own.properties, ...more } });
        const { findings: wider } = await examine("--only", "orphaned-rules");
        assert.deepEqual(
          wider.map(({ code, message }) => [code, message.includes(`: ${beyond}. Requested: `)]),
          [["jit-rule-wider", true]],
        );
      }
      // As it was, but no longer Defender's.
      await arm("PUT", own.id, network, { properties: own.properties });
      assert.deepEqual(await codes("--only", "orphaned-rules"), ["jit-rule-not-defenders"]);
      await arm("DELETE", own.id, network);
      assert.deepEqual(await codes("--only", "standing-rules,orphaned-rules"), []);
    });

    it("reports each closing rule that disappears, and when the port is open", async () => {
      await without(rule("DenyManagementPorts"), network, async () => {
        assert.deepEqual(await codes("--only", "network,standing-rules"), ["standing-deny-missing"]);
        const { value } = await arm("GET", `${nsg()}/securityRules`, network);
        const denies = (value as { id: string; properties: { access: string } }[]).filter(
          ({ id, properties }) => id.includes("JITRule") && properties.access === "Deny",
        );
        await without(denies[0]!.id, network, async () => {
          assert.deepEqual(await codes("--only", "network,standing-rules"), [
            "jit-bypassed-by-default",
            "jit-deny-missing",
            "standing-deny-missing",
          ]);
        });
      });
      assert.deepEqual(await codes("--only", "network,standing-rules"), []);
    });

    it("reports a VM that lost its policy", async () => {
      const id = `${group}/providers/Microsoft.Security/locations/westeurope/jitNetworkAccessPolicies/web-jit`;
      const { properties } = await arm("GET", id, "2020-01-01");
      await arm("DELETE", id, "2020-01-01");
      const { findings } = await examine("--only", "jit");
      assert.deepEqual(
        findings.map(({ code, message }) => [code, message]),
        [["jit-policy-missing", "No JIT policy covers web, so nobody can request access to it."]],
      );
      assert.deepEqual(await codes("--only", "jit", "--whole-subscription"), ["vm-without-jit"]);
      const { virtualMachines } = properties as JsonObject;
      await arm("PUT", id, "2020-01-01", { kind: "Basic", properties: { virtualMachines: virtualMachines! } });
      assert.deepEqual(await codes("--only", "jit,network,orphaned-rules"), []);
    });

    it("reports a VM with a public address", async () => {
      const address = `${group}/providers/Microsoft.Network/publicIPAddresses/web-ip`;
      const nic = `${group}/providers/Microsoft.Network/networkInterfaces/web-nic`;
      const standard = {
        location: "westeurope",
        sku: { name: "Standard" },
        properties: { publicIPAllocationMethod: "Static" },
      };
      await arm("PUT", address, network, standard);
      const before = await arm("GET", nic, network);
      const {
        ipConfigurations: [configuration],
        networkSecurityGroup,
      } = before.properties as {
        ipConfigurations: { name: string; properties: JsonObject }[];
        networkSecurityGroup: JsonObject;
      };
      const write = (more: JsonObject) =>
        arm("PUT", nic, network, {
          ...pick(before, "location"),
          properties: {
            networkSecurityGroup,
            ipConfigurations: [{ name: configuration!.name, properties: { ...configuration!.properties, ...more } }],
          },
        });
      await write({ publicIPAddress: { id: address } });
      assert.deepEqual(await codes("--only", "network"), ["vm-public-address"]);
      await write({});
      await arm("DELETE", address, network);
      assert.deepEqual(await codes("--only", "network"), []);
    });

    it("reports a Defender plan that was switched off, and an activity log that goes nowhere", async () => {
      const plan = `${subscription}/providers/Microsoft.Security/pricings/VirtualMachines`;
      await arm("PUT", plan, "2024-01-01", { properties: { pricingTier: "Standard", subPlan: "P1" } });
      assert.deepEqual(await codes("--only", "defender"), ["defender-plan-1"]);
      await arm("PUT", plan, "2024-01-01", { properties: { pricingTier: "Free" } });
      assert.deepEqual(await codes("--only", "defender"), ["defender-plan-off"]);
      await arm("PUT", plan, "2024-01-01", { properties: { pricingTier: "Standard", subPlan: "P2" } });
      await without(`${subscription}/providers/Microsoft.Insights/diagnosticSettings/trail`, settings, async () => {
        assert.deepEqual(await codes("--only", "activity"), ["activity-not-exported"]);
      });
    });

    it("compares the roles of who is signed in with those that the commands need", async () => {
      const { principalId: oid, clientId, assertion } = await sandbox.pipelineIdentity("nightly");
      const tokenFile = join(sandbox.folder, "job-token");
      writeFileSync(tokenFile, await assertion());
      const env = { AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: "", AZURE_FEDERATED_TOKEN_FILE: tokenFile };
      const found = async (...args: string[]) => {
        const { exitCode, stdout, stderr } = await sandbox.cli(["doctor", "--json", ...args], { env });
        assert.ok(exitCode < 2, stderr);
        return (JSON.parse(stdout) as Report).findings;
      };
      await sandbox.assign("acdd72a7-3385-48ef-bd42-f606fba81ae7", oid); // Reader
      assert.deepEqual(
        (await found("--only", "permissions")).map(({ code }) => code),
        ["role-not-held", "role-not-held", "role-not-held"],
      );
      const findings = await found("--only", "permissions", "--role", "operator", "--ignore", "role-not-held");
      assert.deepEqual(
        findings.map(({ code, message }) => [code, message]),
        [
          [
            "permission-missing",
            `${clientId} may not do everything that sessions and jit revoke needs at trail; missing: Microsoft.Network/bastionHosts/disconnectActiveSessions/action, Microsoft.Network/bastionHosts/getActiveSessions/action, Microsoft.Network/networkSecurityGroups/securityRules/delete.`,
          ],
        ],
      );
      const [create, assign] = findings[0]!.fix.split("\n");
      assert.match(
        create!,
        /^az role definition create --subscription \S+ --role-definition '\{"Name":"Bastion Trail Operator",/,
      );
      assert.equal(
        assign,
        `az role assignment create --assignee-object-id ${oid} --assignee-principal-type ServicePrincipal --role "Bastion Trail Operator" --scope ${group}`,
      );
      assert.deepEqual(await codes("--only", "permissions"), []);
    });

    it("reports what it may not read, and checks everything else", async () => {
      const message = "The client does not have authorization to perform action 'read'.";
      const fault = {
        kind: "status",
        status: 403,
        code: "AuthorizationFailed",
        message,
        path: "networkSecurityGroups",
      };
      await sandbox.admin("POST", "/sandbox/faults", fault);
      const { checks, findings } = await examine();
      await sandbox.admin("DELETE", "/sandbox/faults");
      const unknown = ["network", "standing-rules", "orphaned-rules"];
      assert.deepEqual(
        findings.filter(({ code }) => code === "permission-denied").map(({ check, message: text }) => [check, text]),
        unknown.map((check) => [
          check,
          `Not checked: this needs Microsoft.Network/networkSecurityGroups/read. Azure says: ${message}`,
        ]),
      );
      assert.deepEqual(
        checks.filter(({ status }) => status === "unknown").map(({ name }) => name),
        unknown,
      );
      assert.equal(checks.filter(({ status }) => status === "passed").length, checks.length - unknown.length);
    });

    it("reports an immutability policy that keeps records out", async () => {
      const { properties } = await setting();
      const container = `${properties.storageAccountId as string}/blobServices/default/containers/insights-logs-bastionauditlogs`;
      const policy = { immutabilityPeriodSinceCreationInDays: 3 };
      await arm("PUT", `${container}/immutabilityPolicies/default`, "2024-01-01", { properties: policy });
      assert.deepEqual(await codes("--only", "immutability"), [
        "activity-log-changeable",
        "immutability-blocks-logs",
        "immutability-unlocked",
      ]);
    });

    it("reports records that do not arrive while people are connected", async () => {
      const { id } = await setting();
      await arm("DELETE", id, settings);
      await sandbox.request("web");
      assert.equal((await sandbox.connect("web", "--minutes", "900")).outcome, "connected");
      assert.deepEqual(await codes("--only", "records"), []);
      await sandbox.succeed("clock", "+7h");
      const { findings } = await examine("--only", "records", "--max-age", "1h");
      assert.deepEqual(
        findings.map(({ code }) => code),
        ["records-overdue", "records-too-old"],
      );
      assert.match(
        findings[0]!.message,
        /^1 open session of trail-bastion began up to 7h \d\dm ago, and trail\w+ got no record since\.$/,
      );
    });
  });
});
