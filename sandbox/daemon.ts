import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { activityLogFile, openActivityLog } from "./arm/activityLog.ts";
import { startArmServer, type AdminRoutes } from "./arm/server.ts";
import { openStore, storeFile } from "./arm/store.ts";
import { resourceTypes } from "./arm/types/index.ts";
import { auditAdminRoutes } from "./bastion/adminRoutes.ts";
import { nativeClientService } from "./bastion/nativeClient.ts";
import { createBastionSessions } from "./bastion/sessions.ts";
import { blobFiles } from "./blobs/azuriteStores.ts";
import { startBlobServer } from "./blobs/blobServer.ts";
import { startBridge } from "./bridge/server.ts";
import { SandboxClock } from "./clock.ts";
import { readDescription, type SandboxDescription, type SandboxDirectory } from "./directory.ts";
import { startDynamicProvider } from "./dynamicProvider.ts";
import { Failure, messageOf } from "./failure.ts";
import { ensureIdentity, identityFile } from "./identity.ts";
import type { StartOptions } from "./lifecycle.ts";
import { forwardActivity } from "./logs/activityRecords.ts";
import { createFlowRecorder } from "./flows/flowRecorder.ts";
import { createLogRouter } from "./logs/logRouter.ts";
import type { PortWish } from "./ports.ts";
import { QueryEngines } from "./query/engines.ts";
import { queryService } from "./query/queryService.ts";
import { restoreOrStartAnew } from "./stateFile.ts";
import { ensureTls } from "./tls.ts";

/** A sandbox running in this process. */
export interface Daemon {
  readonly description: SandboxDescription;
  /** Stops all parts in the reverse order of their start. */
  close(): Promise<void>;
}

export interface DaemonOptions extends StartOptions {
  /** Called when a client asks the sandbox to stop, after the response was sent. */
  readonly onStopRequest: () => void;
  /** Called with one line for each error that no client can see. */
  readonly log: (line: string) => void;
}

/** Default duration of a long-running operation, in milliseconds on the sandbox clock. */
const operationDelayMs = 100;

/** Assembles and starts the parts of a sandbox, and continues from the state in the folder. */
export async function startDaemon(directory: SandboxDirectory, options: DaemonOptions): Promise<Daemon> {
  const { root } = directory;
  const started: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const end of started.splice(0).reverse()) {
      await end();
    }
  };
  try {
    checkNothingIsMissing(directory);
    const tls = await ensureTls(root);
    const identity = ensureIdentity(root);
    const adminToken = randomBytes(30).toString("base64url");
    const ports = portWishes(directory, options);
    const onError = (error: unknown) => {
      options.log(messageOf(error));
    };

    const clock = new SandboxClock({ directory: root, onError });
    const store = openStore(root, clock);
    started.push(() => {
      store.close();
    });
    const activityLog = openActivityLog({ directory: root, clock, tenantId: identity.tenantId });
    started.push(() => {
      activityLog.close();
    });
    const blobs = await startBlobServer({
      directory: blobFolder(root),
      tls,
      port: ports.blob,
      store,
      clock,
      may: (authorization, need) => arm.may(authorization, storageAudiences(need.scope), need),
      onError,
    });
    started.push(() => blobs.close());
    const { subscriptionId } = identity;
    const router = createLogRouter({ directory: root, store, clock, blobs, subscriptionId, onError });
    started.push(forwardActivity(activityLog, router, onError), () => router.settle());
    const flows = createFlowRecorder({
      directory: root,
      store,
      clock,
      blobs,
      documents: store.documents("flows"),
      onError,
    });
    const documents = store.documents("bastionSessions");
    const sessions = createBastionSessions({ store, clock, router, flows, documents, onError });

    const types = await resourceTypes({
      bastion: sessions.actions,
      blobs,
      endpoint: () => arm.endpoint,
    });
    const admin: AdminRoutes = {
      "GET /sandbox/status": () => ({
        root,
        pid: process.pid,
        armEndpoint: arm.endpoint,
        blobEndpoint: blobs.endpoint,
        subscriptionId,
        clock: clock.now().toISOString(),
        resources: store.all().length,
        openSessions: sessions.list().filter(({ endedAt }) => endedAt === undefined).length,
      }),
      "POST /sandbox/stop": () => {
        setImmediate(options.onStopRequest);
        return { stopping: true };
      },
      ...auditAdminRoutes({ directory: root, store, sessions, router }),
    };
    started.push(() => clock.close());
    const engines = new QueryEngines(root);
    started.push(() => engines.close());
    const arm = await startArmServer({
      tls,
      port: ports.arm,
      store,
      clock,
      types,
      identity,
      activityLog,
      admin,
      adminToken,
      dataPlanes: [queryService({ directory: root, store, clock, engines }), nativeClientService(sessions)],
      operationDelayMs,
    });
    started.push(() => arm.close());
    sessions.resume();
    const bridge = await startBridge({
      port: ports.bridge,
      armEndpoint: arm.endpoint,
      ca: tls.ca,
      identity,
      log: options.log,
    });
    started.push(() => bridge.close());
    const dynamicProvider = await startDynamicProvider(ports.dynamicProvider, {
      NODE_EXTRA_CA_CERTS: tls.caFile,
      ARM_METADATA_HOSTNAME: `127.0.0.1:${arm.port}`,
    });
    started.push(() => dynamicProvider.close());

    return {
      description: {
        armEndpoint: arm.endpoint,
        armPort: arm.port,
        blobPort: blobs.port,
        bridgePort: bridge.port,
        dynamicProviderPort: dynamicProvider.port,
        caFile: tls.caFile,
        ...identity,
        storageConnectionString: blobs.observerConnectionString,
        adminToken,
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Returns the allowed audiences of a token for Azure Storage: the whole service, or one account. */
function storageAudiences(accountOrBelow: string): string[] {
  const account = accountOrBelow.split("/")[8] ?? "";
  return ["https://storage.azure.com", `https://${account}.blob.core.windows.net`];
}

function blobFolder(root: string): string {
  return join(root, "blobs");
}

/** A sandbox that was ready before must have all its files: replacing a missing one would lose part of its state. */
function checkNothingIsMissing(directory: SandboxDirectory): void {
  const { root } = directory;
  if (readDescription(directory) === undefined) return;
  const blobs = Object.values(blobFiles(blobFolder(root)));
  for (const file of [identityFile(root), storeFile(root), activityLogFile(root), ...blobs]) {
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined || size === 0) {
      throw new Failure(`${file} is ${size === 0 ? "empty" : "missing"}. ${restoreOrStartAnew(root)}`);
    }
  }
}

function portWishes(directory: SandboxDirectory, { armPort, blobPort, bridgePort }: StartOptions) {
  const last = readDescription(directory);
  return {
    arm: { option: "--arm-port", given: armPort, remembered: last?.armPort },
    blob: { option: "--blob-port", given: blobPort, remembered: last?.blobPort },
    bridge: { option: "--bridge-port", given: bridgePort, remembered: last?.bridgePort },
    dynamicProvider: { remembered: last?.dynamicProviderPort },
  } satisfies Record<string, PortWish>;
}
