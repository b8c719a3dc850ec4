import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { versions } from "../../../sandbox/auditResources.ts";
import { AccessBench } from "../../accessBench.ts";
import { ConnectBench } from "./connectBench.ts";
import { roleFilePath } from "../../../../cli/roleFiles.ts";
import { forEachTest, forSuite } from "../../../held.ts";

describe("the client of connect", () => {
  const azure = forSuite(() => AccessBench.start({ host: { enableTunneling: true } }));
  const bench = forEachTest(() => new ConnectBench(azure));

  it("passes arguments on to ssh", async () => {
    await bench.connect({ reason: "INC-1" }, ["vm-app", "-L", "8080:localhost:80", "--help"]);
    assert.deepEqual(bench.az.calls()[0]!.slice(-4), ["--", "-L", "8080:localhost:80", "--help"]);
  });

  it("opens nothing to a VM that does not run", async () => {
    const { plane, path } = azure.bench;
    const act = (action: string) => plane.send("POST", `${path.vmId}/${action}`, versions.compute, {});
    await act("deallocate");
    for (const values of [{ reason: "INC-1" }, { reason: "INC-1", portal: true }]) {
      await bench.refuses(values, {
        message: "vm-app does not run: it is deallocated.",
        nextStep: `Run \`az vm start --ids ${path.vmId}\`.`,
      });
    }
    await act("start");
    await bench.connect({ reason: "INC-1" });
    assert.equal(bench.az.calls().length, 1);
  });

  it("needs no right to list the VM's extensions if the login is given, or is left to a tunnel's client", async () => {
    await azure.fault({
      kind: "status",
      status: 403,
      path: "/extensions",
      code: "AuthorizationFailed",
      message: "No.",
    });
    await bench.refuses(
      { reason: "INC-1" },
      {
        message: "No.",
        nextStep: `Ask for the role Bastion Trail Requester (${roleFilePath("requester")}); a new role takes a few minutes to apply. Or choose the login yourself with --auth.`,
      },
    );
    assert.deepEqual((await bench.preview({ reason: "INC-1", auth: "aad" })).problems, []);
    assert.deepEqual((await bench.preview({ reason: "INC-1", tunnel: 10_022 })).problems, []);
  });

  it("says where a tunnel ends", async () => {
    const { stderr } = await bench.connect({ reason: "INC-1", tunnel: 10_022 });
    assert.match(stderr, /\nConnect your client to localhost:10022\. Ctrl\+C closes the tunnel\.\n$/);
    const [words] = bench.az.calls();
    assert.deepEqual([words![2], ...words!.slice(-4)], ["tunnel", "--resource-port", "22", "--port", "10022"]);
  });

  it("takes the private key that is given, or the one where ssh looks", async () => {
    mkdirSync(join(bench.folder, ".ssh"));
    writeFileSync(join(bench.folder, ".ssh", "id_ed25519"), "");
    writeFileSync(join(bench.folder, "-key"), "");
    const key = async (values: object) => ((await bench.preview(values)).command as string[]).slice(-2);
    assert.deepEqual(await key({ auth: "ssh-key" }), ["--ssh-key", join(bench.folder, ".ssh", "id_ed25519")]);
    assert.deepEqual(await key({ sshKey: join(bench.folder, "-key") }), ["--ssh-key", join(bench.folder, "-key")]);
    await bench.refuses(
      { reason: "INC-1", sshKey: "/nope" },
      { message: "The private key /nope does not exist.", nextStep: "Pass the key's file as --ssh-key." },
    );
    await bench.refuses(
      { reason: "INC-1", sshKey: bench.folder },
      { message: `The private key ${bench.folder} is not a file.`, nextStep: "Pass the key's file as --ssh-key." },
    );
    const publicKey = join(bench.folder, "id_ed25519.pub");
    writeFileSync(publicKey, "");
    await bench.refuses(
      { reason: "INC-1", sshKey: publicKey },
      {
        message: `${publicKey} is a public key.`,
        nextStep: "Pass the private key as --ssh-key, usually the same name without .pub.",
      },
    );
  });

  for (const username of ["-oProxyCommand=x", "--help", "@/etc/passwd", "a b", "a;b", ""]) {
    it(`refuses the account ${JSON.stringify(username)}, which is none`, () =>
      bench.refuses(
        { reason: "INC-1", username },
        {
          message: `'${username}' is not an account name.`,
          nextStep: "It must begin with a letter, a digit, _ or ., and may also contain @ \\ + $ and -.",
        },
      ));
  }

  it("refuses options that have no effect with the way it connects", async () => {
    const nextStep = "Leave out what does not apply.";
    await bench.refuses(
      { reason: "INC-1", tunnel: 10_022, auth: "aad", username: "ada", sshKey: "/k" },
      { message: "--auth, --username, --ssh-key, the words after -- cannot be used with a tunnel.", nextStep },
      ["vm-app", "-v"],
    );
    await bench.refuses(
      { reason: "INC-1", auth: "aad", username: "ada" },
      { message: "--username cannot be used with an SSH login with --auth aad.", nextStep },
    );
    await bench.refuses(
      { reason: "INC-1", portal: true, username: "ada" },
      { message: "--username cannot be used with the portal.", nextStep },
    );
  });

  describe("with --portal", () => {
    it("prints the VM's page, once access is there", async () => {
      bench.az.remove();
      const { exitCode, stdout, stderr } = await bench.connect({ reason: "INC-1", portal: true });
      assert.deepEqual([exitCode, stdout], [0, `${bench.portalLink()}\n`]);
      assert.match(
        stderr,
        /^Port 22 of vm-app is open until \S+ \S+Z\.\nCorrelation id of the request for vm-app: .+\nConnect from the VM's page in the portal:\n$/,
      );
      assert.equal((await bench.requests()).length, 1);
      assert.deepEqual(
        azure.recorded().map(({ outcome }) => outcome),
        ["asked", "open"],
      );
    });
  });

  describe("where the Bastion host has no native client", () => {
    const withHost = async (change: object, run: () => Promise<void>) => {
      const { store } = azure.bench.plane;
      const host = store.get(azure.bench.path.bastionId)!;
      store.put({ ...host, body: { ...host.body, ...change } });
      try {
        await run();
      } finally {
        store.put(host);
      }
    };
    const nextStep =
      "The native client requires two settings in the stack's config: bastionSku Standard or Premium, and nativeClient true. Or pass --portal to connect in the portal.";

    it("says which two settings change that, and opens nothing", () =>
      withHost({ sku: { name: "Basic" } }, async () => {
        bench.az.remove();
        const message = "The Bastion host bas-main has the SKU Basic, which has no native client.";
        await bench.refuses({ reason: "INC-1" }, { message, nextStep });
        const { problems, command, method } = await bench.preview({ reason: "INC-1" });
        assert.deepEqual([problems, command, method], [[{ message, nextStep }], null, "ssh"]);
      }));

    it("says that it is off", () => {
      const { properties } = azure.bench.plane.store.get(azure.bench.path.bastionId)!.body as { properties: object };
      return withHost({ properties: { ...properties, enableTunneling: false } }, () =>
        bench.refuses(
          { reason: "INC-1" },
          { message: "The native client of the Bastion host bas-main is off (enableTunneling).", nextStep },
        ),
      );
    });

    it("connects in the portal", () =>
      withHost({ sku: { name: "Basic" } }, async () => {
        assert.equal((await bench.connect({ reason: "INC-1", portal: true })).stdout, `${bench.portalLink()}\n`);
      }));
  });
});
