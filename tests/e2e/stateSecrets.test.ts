import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { presentEngine } from "../../sandbox/engine/resolve.ts";
import { projectFolder, stackName } from "../../sandbox/engineCommand.ts";
import { AzureClients } from "./azureClients.ts";
import { forSuite } from "../held.ts";
import { smallConfig, TestSandbox, unchanged, type StackConfig } from "./harness.ts";

const location = "westeurope";

/** What somebody can decrypt who may read the stack, such as the preview of a pull request. */
describe("the state of a stack", () => {
  let vaultId: string;

  const sandbox = forSuite(() => TestSandbox.start());
  before(async () => {
    const azure = new AzureClients(sandbox);
    await azure.resources.resourceGroups.createOrUpdate("shared", { location });
    const properties = {
      tenantId: sandbox.description.tenantId,
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      enabledForDeployment: true,
    };
    const vault = await azure.resources.resources.beginCreateOrUpdateAndWait(
      "shared",
      "Microsoft.KeyVault",
      "",
      "vaults",
      "trail-passwords",
      "2024-11-01",
      { location, properties },
      { updateIntervalInMs: 50 },
    );
    vaultId = vault.id ?? "";
  });

  const config = (): StackConfig => ({
    ...smallConfig,
    vms: [
      { name: "web", login: "entraId" },
      { name: "desk", os: "windows" },
    ],
    immutability: "locked",
    immutabilityDays: 1,
    passwordVaultId: vaultId,
  });

  /** Everything in the state, decrypted. */
  async function decrypted(): Promise<string> {
    const engine = (await presentEngine()).engine!.command;
    const env = { ...process.env, ...sandbox.environment(), PULUMI_HOME: join(sandbox.folder, "pulumi") };
    const args = ["stack", "export", "--show-secrets", "--stack", stackName, "--non-interactive"];
    const { stdout } = await promisify(execFile)(engine, args, { cwd: projectFolder, env, maxBuffer: 1 << 26 });
    return stdout;
  }

  /** The passwords that the extensions took from the vault, as the sandbox keeps them on its disk. */
  function vaultPasswords(): string[] {
    const files = readdirSync(sandbox.folder, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && !entry.parentPath.includes("state") && !entry.parentPath.includes("pulumi"),
    );
    const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
    const found = texts.flatMap((text) => [...text.matchAll(/"(?:password|Password)":"([^"]{32})"/g)]);
    return [...new Set(found.map(([, password = ""]) => password))];
  }

  it("holds no bearer token, and no password that is valid", async () => {
    const { outputs } = await sandbox.up(config());
    const state = await decrypted();
    assert.doesNotMatch(state, /eyJ[\w-]+\.[\w-]+\./);
    assert.doesNotMatch(state, /bearer/i);
    const passwords = vaultPasswords();
    assert.equal(passwords.length, 2);
    for (const password of passwords) assert.ok(!state.includes(password));
    assert.equal(outputs.adminPasswords, undefined);
    assert.deepEqual(Object.keys(outputs.adminPasswordSecrets as object).sort(), ["desk", "web"]);
    for (const [vm, uri] of Object.entries(outputs.adminPasswordSecrets as Record<string, string>)) {
      assert.match(
        uri,
        new RegExp(`^https://trail-passwords\\.vault\\.[^/]+/secrets/trail-${vm}-[0-9a-f]{8}-password$`),
      );
    }
  });

  it("is the same at the next deployment, which leaves the passwords alone", async () => {
    const before = vaultPasswords();
    const { same } = await sandbox.preview(config());
    assert.deepEqual((await sandbox.up(config())).changes, unchanged(same));
    assert.deepEqual(vaultPasswords(), before);
  });

  it("still holds none that is valid after a VM is replaced for another administrator", async () => {
    const before = vaultPasswords();
    const [web, desk] = config().vms as object[];
    const changed = { ...config(), vms: [web, { ...desk, adminUsername: "operator" }] };
    const { changes } = await sandbox.up(changed);
    // The VM and what stands on its name, such as the extension that sets the password.
    assert.ok(changes.replace >= 2, JSON.stringify(changes));
    const after = vaultPasswords();
    assert.equal(after.length, before.length + 1);
    const state = await decrypted();
    for (const password of after) assert.ok(!state.includes(password));
    const { same } = await sandbox.preview(changed);
    assert.deepEqual(await sandbox.preview(changed), unchanged(same));
  });

  it("is refused to go on without the vault", async () => {
    const failure = await sandbox.fail("preview", ...sandbox.config({ ...config(), passwordVaultId: "" }));
    assert.match(
      failure,
      /^error: JitVirtualMachine "(?:web|desk)": passwordVaultId is missing; it was \S+, which alone holds the password of the VM;/,
    );
  });
});
