import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AccessBench } from "../../accessBench.ts";
import { ConnectBench } from "./connectBench.ts";
import { forEachTest, forSuite } from "../../../held.ts";

describe("connect checks the Azure CLI before anything is opened:", () => {
  const azure = forSuite(() => AccessBench.start({ host: { enableTunneling: true } }));
  const bench = forEachTest(() => new ConnectBench(azure));

  const orPortal = "Or pass --portal to connect in the portal.";

  it("whether it is there", async () => {
    bench.az.remove();
    await bench.refuses(
      { reason: "INC-1" },
      {
        message: "The Azure CLI (az) is not on PATH.",
        nextStep: `Install it from https://aka.ms/azure-cli and run \`az login\`. ${orPortal}`,
      },
    );
  });

  it("whether it runs", async () => {
    writeFileSync(join(bench.folder, "az"), "#!/bin/sh\necho 'ImportError: no module' >&2\nexit 1\n");
    await bench.refuses(
      { reason: "INC-1" },
      {
        message: `The Azure CLI (${join(bench.folder, "az")}) does not run: \`az version\` did not list its extensions.`,
        nextStep: `It says: ImportError: no module. ${orPortal}`,
      },
    );
  });

  it("whether it can be started", async () => {
    const az = join(bench.folder, "az");
    writeFileSync(az, "#!/no/such/interpreter\n");
    await bench.refuses(
      { reason: "INC-1" },
      {
        message: `The Azure CLI (${az}) cannot be started: spawn ${az} ENOENT.`,
        nextStep: `Check the installation. ${orPortal}`,
      },
    );
  });

  it("as a shell does, which passes over folders and over files that nobody may run", async () => {
    bench.az.remove();
    mkdirSync(join(bench.folder, "az"));
    const missing = { message: "The Azure CLI (az) is not on PATH." };
    await bench.refuses({ reason: "INC-1" }, missing);
    rmSync(join(bench.folder, "az"), { recursive: true });
    writeFileSync(join(bench.folder, "az"), "#!/bin/sh\n", { mode: 0o644 });
    await bench.refuses({ reason: "INC-1" }, missing);
  });

  it("whether it has the extensions bastion and ssh", async () => {
    bench.az.install({ extensions: {} });
    await bench.refuses(
      { reason: "INC-1" },
      {
        message:
          "The Azure CLI cannot connect through Bastion: the extension bastion is missing, the extension ssh is missing.",
        nextStep: `Run \`az extension add --name bastion && az extension add --name ssh\`. ${orPortal}`,
      },
    );
    bench.az.install({ extensions: { bastion: "1.4.0" } });
    await bench.refuses(
      { reason: "INC-1", auth: "password" },
      { message: "The Azure CLI cannot connect through Bastion: the extension ssh is missing." },
    );
  });

  it("whether it is signed in, to the subscription of the Bastion host", async () => {
    bench.az.install({ subscriptions: [] });
    await bench.refuses(
      { reason: "INC-1" },
      { message: "The Azure CLI is not signed in.", nextStep: `Run \`az login\`. ${orPortal}` },
    );
    bench.az.install({ subscriptions: ["other"] });
    const { subscriptionId } = azure.bench.plane.identity;
    await bench.refuses(
      { reason: "INC-1" },
      { message: `The Azure CLI is signed in, but not to the subscription ${subscriptionId}.` },
    );
    bench.az.install({ subscriptions: ["other"], extensions: {} });
    const { problems } = await bench.preview({ reason: "INC-1", tunnel: 2222 });
    assert.deepEqual(problems, [
      {
        message: "The Azure CLI cannot connect through Bastion: the extension bastion is missing.",
        nextStep: "Run `az extension add --name bastion`.",
      },
      {
        message: `The Azure CLI is signed in, but not to the subscription ${subscriptionId}.`,
        nextStep: `Run \`az login\`. ${orPortal}`,
      },
    ]);
  });

  it("no ssh extension for a tunnel", async () => {
    bench.az.install({ extensions: { bastion: "1.4.0" } });
    await bench.connect({ reason: "INC-1", tunnel: 10_022 });
    assert.equal(bench.az.calls().length, 1);
  });

  it("whether the bastion extension passes arguments on to ssh", async () => {
    bench.az.install({ extensions: { bastion: "1.0.2", ssh: "2.0.6" } });
    await bench.refuses(
      { reason: "INC-1" },
      {
        message: "The Azure CLI cannot connect through Bastion: the extension bastion is older than 1.1.0.",
        nextStep: `Run \`az extension update --name bastion\`. ${orPortal}`,
      },
      ["vm-app", "-v"],
    );
  });
});
