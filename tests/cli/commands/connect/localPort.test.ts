import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { localPortProblem } from "../../../../cli/commands/connect/localPort.ts";
import { AccessBench } from "../../accessBench.ts";
import { ConnectBench } from "./connectBench.ts";
import { forEachTest, forSuite } from "../../../held.ts";

describe("the local port of connect's tunnel", () => {
  const azure = forSuite(() => AccessBench.start({ host: { enableTunneling: true } }));
  const bench = forEachTest(() => new ConnectBench(azure));

  it("is refused before access is requested if another program uses it, and taken once it is free", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await bench.refuses(
      { reason: "INC-1", tunnel: port },
      {
        message: `The local port ${port} is in use by another program.`,
        nextStep: "Pass another one as --tunnel.",
      },
    );
    server.close();
    await once(server, "close");
    assert.equal(await localPortProblem(port), undefined);
  });
});
