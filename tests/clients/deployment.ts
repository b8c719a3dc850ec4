import { join } from "node:path";
import { textAt } from "../../sandbox/arm/json.ts";
import { pathWith } from "../../sandbox/pythonEnvironment.ts";
import { TestSandbox, type StackConfig } from "../e2e/harness.ts";
import type { Values } from "./client.ts";
import { azureCli } from "../../tools/pythonClients.ts";

const config: StackConfig = {
  location: "westeurope",
  namePrefix: "trail",
  bastionSku: "Standard",
  nativeClient: true,
  defenderPlan: "manage",
  tags: { environment: "clients" },
  vms: [
    { name: "web", login: "entraId" },
    { name: "desk", os: "windows" },
  ],
};

/** A deployment in a sandbox of its own, and the Azure CLI signed in to it as the project's own command does it. */
export class Deployment {
  readonly sandbox: TestSandbox;
  /** The environment of the clients: what `.sandbox/env` exports, the clients on PATH, and the values of the tables. */
  readonly environment: Values;

  private constructor(sandbox: TestSandbox, environment: Values) {
    this.sandbox = sandbox;
    this.environment = environment;
  }

  /** Deploys, and signs the Azure CLI in. */
  static async make(): Promise<Deployment> {
    const sandbox = await TestSandbox.start();
    const { outputs } = await sandbox.up(config);
    process.env.PATH = pathWith(azureCli);
    await sandbox.succeed("login");
    const subscription = `/subscriptions/${sandbox.description.subscriptionId}`;
    const provider = `${subscription}/resourceGroups/trail/providers`;
    const environment = {
      ...sandbox.environment(),
      PATH: pathWith(azureCli),
      AZURE_EXTENSION_DIR: join(import.meta.dirname, "extensions"),
      AZURE_CORE_NO_COLOR: "true",
      // What Python compiles is kept, whatever the machine says: each command would compile the Azure CLI again.
      PYTHONDONTWRITEBYTECODE: "",
      // A command that is not known must not be looked for among extensions on the internet.
      AZURE_EXTENSION_USE_DYNAMIC_INSTALL: "no",
      GROUP: `${subscription}/resourceGroups/trail`,
      SUBSCRIPTION: sandbox.description.subscriptionId,
      HOST: `${provider}/Microsoft.Network/bastionHosts/trail-bastion`,
      NETWORK: `${provider}/Microsoft.Network`,
      VM: `${provider}/Microsoft.Compute/virtualMachines/web`,
      ACCOUNT: textAt(outputs, "archive.account") ?? "",
      ACCOUNT_ID: `${provider}/Microsoft.Storage/storageAccounts/${textAt(outputs, "archive.account") ?? ""}`,
      DNS_NAME: `127.0.0.1:${sandbox.description.armPort}`,
      WORKSPACE_ID: textAt(outputs, "workspaceId") ?? "",
    };
    return new Deployment(sandbox, environment);
  }
}
