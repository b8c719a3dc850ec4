import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectOptions } from "../../../../cli/commands/connect/options.ts";
import { runConnect } from "../../../../cli/commands/connect/connect.ts";
import { given, type AccessBench } from "../../accessBench.ts";
import { AzStub } from "../../azStub.ts";
import { JitBench, pick } from "../jit/jitBench.ts";

/** The command connect, with an Azure CLI that only records how it is called. */
export class ConnectBench {
  readonly azure: AccessBench;
  readonly jit: JitBench;
  /** Folder on PATH with the Azure CLI, and the user's home. */
  readonly folder = mkdtempSync(join(tmpdir(), "az-"));
  readonly az = new AzStub(this.folder);

  /** @param azure a control plane whose Bastion host has the native client. */
  constructor(azure: AccessBench) {
    this.azure = azure;
    this.jit = new JitBench(azure);
    this.az.install();
  }

  async connect(values: object, operands: string[] = ["vm-app"]) {
    const io = this.azure.io({ env: { PATH: `${this.folder}:/bin:/usr/bin`, HOME: this.folder } });
    const exitCode = await runConnect(given(connectOptions, values, ...operands), io, this.azure.open);
    return { exitCode, ...io.written };
  }

  async preview(values: object, operands?: string[]) {
    const { stdout } = await this.connect({ json: true, ...values }, operands);
    return (JSON.parse(stdout) as { connection: Record<string, unknown> }).connection;
  }

  async requests() {
    return (await this.jit.list()).requests.map((row) => pick(row, "state", "requestor", "reason", "end"));
  }

  portalLink(): string {
    return `https://portal.example/#@${this.azure.bench.plane.identity.tenantId}/resource${this.azure.bench.path.vmId}`;
  }

  /** Nothing is requested, and no az is started. */
  async refuses(values: object, error: object, operands?: string[]): Promise<void> {
    await assert.rejects(this.connect(values, operands), { name: "UserError", ...error });
    assert.deepEqual([(await this.jit.list()).requests, this.az.calls(), this.azure.recorded()], [[], [], []]);
  }

  async remove(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    await this.azure.reset();
  }
}
