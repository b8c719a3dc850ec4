import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, fetch } from "undici";
import { WebSocket } from "ws";
import type { JsonObject } from "../../../sandbox/arm/json.ts";
import { sshFarewell } from "../../../sandbox/bastion/sshFarewell.ts";
import { forSuite } from "../../held.ts";
import { SessionBench } from "./sessionFixture.ts";

describe("az network bastion ssh and tunnel", () => {
  const bench = forSuite(() => SessionBench.start());
  let dispatcher: Agent;
  before(() => {
    dispatcher = new Agent({ connect: { ca: bench.plane.tls.ca } });
  });
  after(() => dispatcher.close());

  const send = async (method: string, path: string, form?: Record<string, string>) => {
    const response = await fetch(`${bench.plane.arm.endpoint}${path}`, {
      method,
      dispatcher,
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as JsonObject) };
  };
  const signIn = async (): Promise<string> => {
    const { body } = await bench.plane.admin("POST", "/sandbox/token", { user: "ada@example.com" });
    return body.access_token as string;
  };
  const ask = async (more: Record<string, string> = {}) =>
    send("POST", "/api/tokens", {
      resourceId: bench.path.vmId,
      protocol: "tcptunnel",
      workloadHostPort: "22",
      aztoken: await signIn(),
      token: "",
      ...more,
    });
  /** All that the tunnel of a token says before it ends. */
  const tunnel = async (token: string): Promise<Buffer> => {
    const address = bench.plane.arm.endpoint.replace("https:", "wss:");
    const socket = new WebSocket(`${address}/webtunnelv2/${token}?X-Node-Id=sandbox`, { ca: bench.plane.tls.ca });
    const parts: Buffer[] = [];
    socket.on("message", (data: Buffer) => parts.push(data));
    const [code] = (await once(socket, "close")) as [number];
    assert.equal(code, 1011);
    return Buffer.concat(parts);
  };

  it("hear which rule keeps them out, and that the tunnel is over", async () => {
    const { status, body } = await ask();
    assert.deepEqual([status, Object.keys(body ?? {})], [200, ["authToken", "nodeId", "websocketToken"]]);
    const [deny] = bench.plane.store.childrenOf(bench.path.nsgId);
    const reason = `The network security group '${bench.path.nsgId}' does not let 10.0.0.4 reach port 22 of 'vm-app': rule '${String(deny?.name)}'.`;
    assert.deepEqual(await tunnel(body?.websocketToken as string), sshFarewell(reason));
    assert.deepEqual(bench.plane.sessions.list(), []);
    // JIT denies its own ports alone here.
    const other = await ask({ workloadHostPort: "5985" });
    assert.match((await tunnel(other.body?.websocketToken as string)).toString("latin1"), /^The network lets you in,/);
  });

  it("hear where a session can be had, once the network lets them in", async () => {
    await bench.request();
    const { body } = await ask();
    const words =
      "The network lets you in, but the sandbox has no real VM to connect to. " +
      "For a session with its audit record: npm run -s sandbox -- connect --vm vm-app --user YOU";
    assert.deepEqual(await tunnel(body?.websocketToken as string), sshFarewell(words));
    assert.deepEqual(bench.plane.sessions.list(), []);
  });

  it("end a tunnel once", async () => {
    const { body } = await ask();
    const path = `/api/tokens/${body?.authToken as string}`;
    assert.deepEqual([(await send("DELETE", path)).status, (await send("DELETE", path)).status], [204, 404]);
  });

  it("open none without a token, for a VM that is not there, or under a made-up token", async () => {
    assert.deepEqual(await ask({ aztoken: "x.y.z" }), {
      status: 401,
      body: { code: "InvalidAuthenticationToken", message: "The access token is invalid." },
    });
    assert.deepEqual(await ask({ resourceId: `${bench.path.vmId}x` }), {
      status: 404,
      body: {
        code: "ResourceNotFound",
        message: `VM '${bench.path.vmId}x' not found. The subscription has: vm-app.`,
      },
    });
    await assert.rejects(tunnel("00000000-0000-4000-8000-000000000000"));
  });

  it("get no RDP file", async () => {
    assert.deepEqual(await send("GET", "/api/rdpfile?format=rdp"), {
      status: 501,
      body: {
        code: "NotImplemented",
        message:
          "The sandbox has no real VMs to connect to. For a session with its audit record: npm run -s sandbox -- connect --vm VM --user YOU",
      },
    });
  });
});

describe("what an SSH client is turned away with", () => {
  /** The parts of an SSH_MSG_DISCONNECT packet after the server's version line. */
  const parse = (bytes: Buffer) => {
    const end = bytes.indexOf("\r\n", bytes.indexOf("SSH-2.0-")) + 2;
    const packet = bytes.subarray(end);
    const length = packet.readUInt32BE(0);
    const padding = packet.readUInt8(4);
    const payload = packet.subarray(5, 4 + length - padding);
    const size = payload.readUInt32BE(5);
    return {
      whole: packet.length === 4 + length && packet.length % 8 === 0 && padding >= 4,
      type: payload.readUInt8(0),
      reason: payload.readUInt32BE(1),
      message: payload.subarray(9, 9 + size).toString("utf8"),
      language: payload.readUInt32BE(9 + size),
    };
  };

  for (const message of ["", "No.", "Rule 'deny' keeps you out.", "Zug\u00e4nge: \u{1f6aa}", "x".repeat(300)]) {
    it(`is one whole packet for a message of ${message.length} characters`, () => {
      const bytes = sshFarewell(message);
      assert.equal(bytes.toString("utf8").startsWith(`${message}\r\nSSH-2.0-bastion-trail_sandbox\r\n`), true);
      assert.deepEqual(parse(bytes), { whole: true, type: 1, reason: 7, message, language: 0 });
    });
  }
});
