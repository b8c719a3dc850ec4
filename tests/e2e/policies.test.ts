import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { stackName } from "../../sandbox/engineCommand.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox } from "./harness.ts";

const pack = join(import.meta.dirname, "../../policies");
const shims = join(import.meta.dirname, "../../sandbox/engine/shims");

describe("the policy pack, run by the engine", () => {
  const sandbox = forSuite(() => TestSandbox.start());

  function configured(config: object): string {
    const file = join(sandbox.folder, "policies.json");
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  async function previewPlainly(config: object = {}): Promise<string[]> {
    const args = [join(import.meta.dirname, "plainProcess.ts"), sandbox.folder, configured(config)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 16 * 1024 * 1024 });
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .sort();
  }

  it("finds the mistakes of a program on azure-native alone, in preview", async () => {
    const incomplete = (flow: string) => `NetworkSecurityGroup bastion-nsg: ${flow} (policy bastion-nsg-complete)`;
    assert.deepEqual(await previewPlainly(), [
      "BastionHost host: No diagnostic setting of this stack sends BastionAuditLogs of this host. (policy bastion-audit-sent)",
      "BastionHost host: Session recording is on, and no storage account of this stack lets this host's player read: without a container for the recordings Bastion refuses every session. (policy recording-has-storage)",
      "JitNetworkAccessPolicy jit: Port 22 can be opened to 10.0.0.0/8, which is in no Bastion subnet that is known. (policy jit-source-bastion-only)",
      "JitNetworkAccessPolicy jit: Port 22 may be open for P1D; it must be 8 hours at most. (policy jit-policy-bounded)",
      "JitNetworkAccessPolicy jit: The name is default, the policy that everybody shares: a write of it replaces the VMs that others put there. Give the policy a name of its own. (policy jit-policy-bounded)",
      'NetworkInterface nic: IP configuration "ip" has a public IP address. Remove it, and connect through Bastion. (policy vm-no-public-address)',
      incomplete(
        "Inbound traffic from AzureLoadBalancer to *, port 443, is not allowed: Azure probes Bastion's health.",
      ),
      incomplete("Inbound traffic from GatewayManager to *, port 443, is not allowed: Azure manages Bastion."),
      incomplete(
        "Inbound traffic from Internet to *, port 443, is not allowed: Users reach Bastion from a browser or a client.",
      ),
      incomplete(
        "Inbound traffic from VirtualNetwork to VirtualNetwork, port 8080 and 5701, is not allowed: Bastion's instances reach each other.",
      ),
      incomplete(
        "Outbound traffic from * to AzureCloud, port 443, is not allowed: Bastion writes its logs and metrics.",
      ),
      incomplete(
        "Outbound traffic from * to Internet, port 80, is not allowed: Bastion checks sessions and certificates.",
      ),
      incomplete(
        "Outbound traffic from * to VirtualNetwork, port 22 and 3389, is not allowed: Bastion reaches the VMs.",
      ),
      incomplete(
        "Outbound traffic from VirtualNetwork to VirtualNetwork, port 8080 and 5701, is not allowed: Bastion's instances reach each other.",
      ),
      'NetworkSecurityGroup vm-nsg: Rule "ssh" opens port 22 to * for good. Remove it, and let a JIT policy open the port. (policy no-standing-management-rule)',
      "VirtualMachine forgotten: No JIT policy of this stack covers this VM, so no request can open a port of it. (policy vm-has-jit-policy)",
    ]);
  });

  it("accepts the project's own deployment, in preview and after up", async () => {
    await sandbox.succeed("preview", ...sandbox.config(smallConfig), "--policy-pack", pack);
    await sandbox.succeed("up", ...sandbox.config(smallConfig), "--policy-pack", pack);
  });

  it("refuses what its config requires beyond that", async () => {
    const config = configured({ "evidence-guarded": { lock: true } });
    const args = [...sandbox.config(smallConfig), "--policy-pack", pack, "--policy-pack-config", config];
    assert.match(await sandbox.fail("preview", ...args), /It holds audit logs and has no management lock/);
  });

  it("is refused with a range that it could not read in its config", async () => {
    const config = configured({ "jit-source-bastion-only": { bastionSubnets: ["10.60.0.0"] } });
    const args = [...sandbox.config(smallConfig), "--policy-pack", pack, "--policy-pack-config", config];
    assert.match(
      await sandbox.fail("preview", ...args),
      /jit-source-bastion-only: bastionSubnets\.0: Does not match pattern/,
    );
  });

  it("judges a deployed stack without running its program", async () => {
    const { command } = (await presentEngine()).engine!;
    const env = {
      ...process.env,
      ...sandbox.environment(),
      PULUMI_HOME: join(sandbox.folder, "pulumi"),
      PATH: [dirname(command), process.env.PATH, shims].join(delimiter),
    };
    const args = ["policy", "analyze", "--stack", stackName, "--policy-pack", pack, "--json", "--non-interactive"];
    const { stdout } = await promisify(execFile)(command, args, { env, maxBuffer: 16 * 1024 * 1024 });
    assert.match(stdout, /bastion-trail/);
    assert.doesNotMatch(stdout, /policyEvent/);
  });
});
