import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Pulumi's own provider of dynamic resources, attached to the engine by its port. */
export interface DynamicProvider {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Offers the provider that the nodejs language plugin would start for `pulumi.dynamic.Resource`. It chooses its own port
 * and costs a process, so it is started at the first connection, behind a port that stays the same over restarts.
 * @param environment what the provider's process gets beside ours, to reach the sandbox instead of Azure.
 */
export async function startDynamicProvider(
  port: number,
  environment: Readonly<Record<string, string>>,
): Promise<DynamicProvider> {
  let provider: Promise<{ child: ChildProcess; port: number }> | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    track(sockets, incoming);
    provider ??= startProcess(environment).then((started) => {
      started.child.once("exit", () => {
        provider = undefined;
      });
      return started;
    });
    provider.then(
      (started) => {
        const outgoing = connect(started.port, "127.0.0.1");
        track(sockets, outgoing);
        incoming.pipe(outgoing).pipe(incoming);
        incoming.once("close", () => outgoing.destroy());
        outgoing.once("close", () => incoming.destroy());
      },
      (error: unknown) => {
        provider = undefined;
        console.error("The dynamic provider did not start:", error);
        incoming.destroy();
      },
    );
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port,
    async close() {
      for (const socket of sockets) {
        socket.destroy();
      }
      server.close();
      const started = await provider?.catch(() => undefined);
      if (started?.child.exitCode === null) {
        const ended = once(started.child, "exit");
        started.child.kill();
        await ended;
      }
    },
  };
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  // Whoever was connected sees the closed socket; there is nobody else to tell.
  socket.on("error", () => undefined);
  socket.once("close", () => sockets.delete(socket));
}

async function startProcess(
  environment: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; port: number }> {
  const main = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
  // The first argument is an engine's address that the provider asks for and never uses.
  const child = fork(main, ["127.0.0.1:0"], {
    env: { ...process.env, ...environment },
    execArgv: ["--import", join(import.meta.dirname, "endWithParent.ts")],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      reject(new Error(`The dynamic provider ended with exit code ${code ?? "none"} before it was ready.`));
    });
  });
  if (child.stdout === null) {
    throw new Error("The dynamic provider has no output to read its port from.");
  }
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), "line"), failed])) as [string];
  child.stdout.resume();
  return { child, port: Number(line) };
}
