import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArmClient, type ArmClientOptions } from "../../../cli/azure/armClient.ts";
import { publicCloud } from "../../../cli/azure/cloud.ts";
import { ensureTls } from "../../../sandbox/tls.ts";
import { trust } from "../../trust.ts";

export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Breaks the connection instead of answering. */
  readonly drop?: boolean;
  /** Sends this text instead of a body in JSON. */
  readonly text?: string;
  /** Sends nothing after the text, and keeps the connection. */
  readonly stalls?: boolean;
}

/** An HTTPS server that says what a test tells it to, one reply for each request, the last one for all that follow. */
export class FakeArm {
  readonly requests: SeenRequest[] = [];
  readonly endpoint: string;
  readonly #server: Server;
  readonly #distrust: () => void;
  #replies: readonly (Reply | ((request: SeenRequest) => Reply))[] = [{}];

  private constructor(server: Server, distrust: () => void) {
    this.#server = server;
    this.#distrust = distrust;
    this.endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<FakeArm> {
    const folder = mkdtempSync(join(tmpdir(), "fake-arm-"));
    const { ca, cert, key } = await ensureTls(folder);
    rmSync(folder, { recursive: true });
    const server = createServer({ cert, key });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const fake = new FakeArm(server, trust(ca));
    server.on("request", (message: IncomingMessage, response) => {
      void text(message).then((body) => {
        const { method = "", url = "", headers } = message;
        const request = { method, target: url, headers, body: body === "" ? undefined : (JSON.parse(body) as unknown) };
        const next = fake.#replies[Math.min(fake.requests.length, fake.#replies.length - 1)]!;
        fake.requests.push(request);
        const reply = typeof next === "function" ? next(request) : next;
        if (reply.drop === true) {
          message.socket.destroy();
          return;
        }
        response.writeHead(reply.status ?? 200, { "Content-Type": "application/json", ...reply.headers });
        const content = reply.text ?? (reply.body === undefined ? "" : JSON.stringify(reply.body));
        if (reply.stalls === true) response.write(content);
        else response.end(content);
      });
    });
    return fake;
  }

  /** From now on, these are the replies. */
  reply(...replies: (Reply | ((request: SeenRequest) => Reply))[]): void {
    this.requests.length = 0;
    this.#replies = replies;
  }

  client(options: Partial<ArmClientOptions> = {}): ArmClient {
    const cloud = { ...publicCloud, resourceManager: this.endpoint };
    return new ArmClient({ cloud, credential: fixedCredential("token-1"), ...options });
  }

  async remove(): Promise<void> {
    this.#distrust();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

export function fixedCredential(token: string) {
  return { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
}

/** An unsigned token with these claims. */
export function tokenOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.`;
}

async function text(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
