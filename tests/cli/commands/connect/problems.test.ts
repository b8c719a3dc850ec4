import assert from "node:assert/strict";
import { withProperties } from "../../../../sandbox/arm/json.ts";
import { hostProblem, sourceProblem } from "../../../../cli/commands/connect/problems.ts";
import { jitBody, jitId, versions } from "../../../sandbox/auditResources.ts";
import { forEachTest, forSuite } from "../../../held.ts";
import { AccessBench } from "../../accessBench.ts";
import { ConnectBench } from "./connectBench.ts";

describe("the Bastion host of connect", () => {
  const azure = forSuite(() => AccessBench.start({ host: { enableTunneling: true } }));
  const bench = forEachTest(() => new ConnectBench(azure));

  it("is refused while it is being deleted", () => {
    const { message, nextStep } = hostProblem({ name: "bas-hub", state: "Deleting" }) ?? {};
    assert.deepEqual(
      [message, nextStep],
      [
        "The Bastion host bas-hub is being deleted.",
        "Pass another one as --bastion, or deploy it again when it is gone.",
      ],
    );
  });

  it("is used in every other state, as it may still work", () => {
    const states = ["Succeeded", "Updating", "Failed"];
    assert.deepEqual(
      states.map((state) => hostProblem({ name: "bas-hub", state })),
      [undefined, undefined, undefined],
    );
  });

  it("is refused if the policy opens the port to another host only", async () => {
    const { plane, path } = azure.bench;
    const policy = jitId(plane, "jit-vm-app");
    await plane.send("PUT", policy, versions.jit, jitBody(path.vmId, { allowedSourceAddressPrefix: "10.9.0.0/26" }));
    const error = {
      message:
        "The JIT policy jit-vm-app opens port 22 of vm-app only to 10.9.0.0/26, and the Bastion host bas-main connects from 10.0.0.0/26.",
      nextStep: "Pass the VM's own Bastion host as --bastion, or add that range to the policy.",
    };
    await bench.refuses({ reason: "INC-1" }, error);
    await bench.refuses({ reason: "INC-1", portal: true }, error);
  });

  it("is not judged by a source that is a name, or that meets its range, nor without a subnet", () => {
    const judged = (ranges: string[], ...sources: string[]) =>
      sourceProblem({ name: "bas" }, ranges, {
        policy: { id: "/p", name: "p", vms: [], requests: [] },
        vm: { id: "/v", name: "v", ports: [] },
        ports: [{ number: 22, protocol: "TCP", sources, longestSeconds: 3600 }],
      });
    const range = "10.0.0.0/26";
    assert.equal(judged([range], "*"), undefined);
    assert.equal(judged([range], "10.9.0.0/26", "VirtualNetwork"), undefined);
    assert.equal(judged([range], "10.9.0.0/26", "10.0.0.5"), undefined);
    assert.equal(judged(["10.8.0.0/26", range], "10.0.0.0/16"), undefined);
    assert.equal(judged([], "10.9.0.0/26"), undefined);
    assert.notEqual(judged([range], "10.9.0.0/26", "2001:db8::/64"), undefined);
  });

  it("is checked before access is requested", async () => {
    await inState(azure, azure.bench.path.bastionId, "Deleting", () =>
      bench.refuses({ reason: "INC-1" }, { message: "The Bastion host bas-main is being deleted." }),
    );
  });
});

describe("the VM of connect", () => {
  const azure = forSuite(() => AccessBench.start({ host: { enableTunneling: true } }));
  const bench = forEachTest(() => new ConnectBench(azure));

  it("is refused while it is being created or deleted, before access is requested", async () => {
    const { vmId } = azure.bench.path;
    await inState(azure, vmId, "Deleting", () =>
      bench.refuses(
        { reason: "INC-1" },
        {
          message: "vm-app is being deleted.",
          nextStep: "Choose another VM: `bastion-trail jit ls` lists them.",
        },
      ),
    );
    await inState(azure, vmId, "Creating", () =>
      bench.refuses(
        { reason: "INC-1" },
        {
          message: "vm-app is still being created.",
          nextStep: `Run \`az vm wait --created --ids ${vmId}\`, and connect again.`,
        },
      ),
    );
  });

  it("is used in every other state", async () => {
    for (const state of ["Updating", "Failed"]) {
      const { problems } = await inState(azure, azure.bench.path.vmId, state, () => bench.preview({ reason: "INC-1" }));
      assert.deepEqual(problems, []);
    }
  });
});

/** Runs something while Azure tells this state of a resource. */
async function inState<Result>(
  { bench: { plane } }: AccessBench,
  id: string,
  provisioningState: string,
  run: () => Promise<Result>,
): Promise<Result> {
  const resource = plane.store.get(id)!;
  plane.store.put({ ...resource, body: withProperties(resource.body, { provisioningState }) });
  try {
    return await run();
  } finally {
    plane.store.put(resource);
  }
}
