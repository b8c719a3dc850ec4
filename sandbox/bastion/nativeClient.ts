import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { DataPlane, DataPlaneTools } from "../arm/dataPlane.ts";
import type { HttpAnswer, HttpRequest } from "../arm/http.ts";
import { ArmError } from "../arm/armError.ts";
import type { BastionSessions } from "./sessionModel.ts";
import { sshFarewell } from "./sshFarewell.ts";

const tokensPath = /^\/api\/tokens(?:\/([^/]+))?$/i;
const otherPaths = /^\/api\/(connection|rdpfile)$/i;
const tunnelPath = /^\/(?:webtunnelv2|omni\/webtunnel)\/([^/?]+)/i;

/** Lifetime of a requested tunnel, long enough for az to open it. */
const lifetimeMs = 60_000;

/**
 * The endpoints that `az network bastion ssh` and `tunnel` use at a Bastion host's `dnsName` (azure-cli-extensions,
 * `bastion`): a token for the signed-in account, then a WebSocket that carries the VM's port. The sandbox has no VM to
 * connect to, so the tunnel reports who would be let in and ends: nothing hangs, and no token leaves the computer.
 */
export function nativeClientService(sessions: Pick<BastionSessions, "reach">): DataPlane {
  /** Message of the tunnel for each token. */
  const farewells = new Map<string, string>();
  const tunnels = new WebSocketServer({ noServer: true });

  const open = async (request: HttpRequest, tools: DataPlaneTools): Promise<HttpAnswer> => {
    const form = new URLSearchParams(request.text);
    await tools.authenticate(undefined, `Bearer ${form.get("aztoken") ?? ""}`);
    const port = Number(form.get("workloadHostPort"));
    const reach = sessions.reach({
      vm: form.get("resourceId") ?? "",
      port,
      protocol: port === 3389 ? "rdp" : "ssh",
    });
    const token = randomUUID();
    farewells.set(
      token,
      "outcome" in reach
        ? reach.reason
        : `The network lets you in, but the sandbox has no real VM to connect to. ${alternative(reach.target.vm.name)}`,
    );
    setTimeout(() => farewells.delete(token), lifetimeMs).unref();
    return { status: 200, body: { authToken: token, nodeId: "sandbox", websocketToken: token } };
  };

  return {
    metadata: () => ({}),
    async answer(request, tools) {
      const [path, token] = tokensPath.exec(request.path) ?? [];
      try {
        if (path !== undefined && token === undefined && request.method === "POST") return await open(request, tools);
        if (token !== undefined && request.method === "DELETE") return { status: farewells.delete(token) ? 204 : 404 };
        if (otherPaths.test(request.path)) {
          throw new ArmError(501, "NotImplemented", `The sandbox has no real VMs to connect to. ${alternative("VM")}`);
        }
        return undefined;
      } catch (error) {
        if (!(error instanceof ArmError)) throw error;
        // Bastion's own form; az shows its message.
        return { status: error.status, body: { code: error.code, message: error.message } };
      }
    },
    upgrade(message: IncomingMessage, socket: Duplex, head: Buffer) {
      const token = tunnelPath.exec(message.url ?? "")?.[1];
      const farewell = farewells.get(token ?? "");
      if (farewell === undefined) return false;
      tunnels.handleUpgrade(message, socket, head, (tunnel) => {
        tunnel.on("error", () => undefined);
        tunnel.send(sshFarewell(farewell));
        tunnel.close(1011);
      });
      return true;
    },
  };
}

function alternative(vm: string): string {
  return `For a session with its audit record: npm run -s sandbox -- connect --vm ${vm} --user YOU`;
}
