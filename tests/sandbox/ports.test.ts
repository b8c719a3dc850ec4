import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { Server as GrpcServer } from "@grpc/grpc-js";
import { callOrFail } from "../../sandbox/adminClient.ts";
import { startDaemon } from "../../sandbox/daemon.ts";
import { sandboxDirectory, writeDescription } from "../../sandbox/directory.ts";
import { listen, listenForGrpc, type PortWish } from "../../sandbox/ports.ts";
import { forSuite, temporaryFolder } from "../held.ts";

/** Servers that listen on free ports, and so take them. */
async function takePorts(count: number): Promise<{ ports: number[]; release: () => Promise<void> }> {
  const servers: Server[] = Array.from({ length: count }, () => createServer());
  return {
    ports: await Promise.all(servers.map((server) => listen(server))),
    release: async () => {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

for (const [name, start] of [
  [
    "a server",
    async (wish?: PortWish) => {
      const server = createServer();
      return { port: await listen(server, wish), close: () => server.close() };
    },
  ],
  [
    "a gRPC server",
    async (wish?: PortWish) => {
      const server = new GrpcServer();
      return {
        port: await listenForGrpc(server, wish),
        close: () => {
          server.forceShutdown();
        },
      };
    },
  ],
] as const) {
  describe(`the port of ${name}`, () => {
    it("is a free one by default", async () => {
      const servers = await Promise.all(Array.from({ length: 20 }, () => start()));
      assert.equal(new Set(servers.map(({ port }) => port)).size, 20);
      for (const { close } of servers) close();
    });

    it("is the requested one, and no other if that is taken", async () => {
      const { ports, release } = await takePorts(1);
      const wish = { given: ports[0]!, option: "--arm-port", remembered: 1 };
      await assert.rejects(start(wish), {
        name: "Failure",
        message:
          `Port ${ports[0]} (--arm-port) is in use on 127.0.0.1. ` +
          "Use another one, or omit the option to get a free one.",
      });
      await release();
      const { port, close } = await start(wish);
      close();
      assert.equal(port, ports[0]);
    });

    it("is that of the last start, or a free one if that is taken", async () => {
      const { ports, release } = await takePorts(1);
      const wish = { remembered: ports[0]! };
      const other = await start(wish);
      other.close();
      assert.notEqual(other.port, ports[0]);
      await release();
      const same = await start(wish);
      same.close();
      assert.equal(same.port, ports[0]);
    });
  });
}

describe("a sandbox whose ports were taken since its last start", () => {
  const folder = forSuite(temporaryFolder);

  it("starts on other ones, at which it answers", async () => {
    const directory = sandboxDirectory(folder.path);
    const quiet = { log: () => undefined, onStopRequest: () => undefined };
    const first = await startDaemon(directory, quiet);
    await first.close();
    const { ports, release } = await takePorts(4);
    const [armPort, blobPort, bridgePort, dynamicProviderPort] = ports as [number, number, number, number];
    writeDescription(directory, { ...first.description, armPort, blobPort, bridgePort, dynamicProviderPort });

    const again = await startDaemon(directory, quiet);
    const status = await callOrFail(again.description, "GET", "/sandbox/status");
    await again.close();
    await release();
    assert.equal(status.armEndpoint, `https://127.0.0.1:${again.description.armPort}`);
    const stillTaken = Object.values(again.description).filter((value) => ports.includes(value as number));
    assert.deepEqual(stillTaken, []);
  });
});
