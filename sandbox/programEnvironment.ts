import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { SandboxDescription, SandboxDirectory } from "./directory.ts";
import { clientEnvironment } from "./environment.ts";

/**
 * Configures this process for the sandbox: the program runs in it, and calls Azure Resource Manager itself if
 * azure-native has no resource. A program that is started by Pulumi's language host uses `NODE_EXTRA_CA_CERTS` instead.
 */
export function pointProgramAt(directory: SandboxDirectory, description: SandboxDescription): void {
  const { ARM_METADATA_HOSTNAME } = clientEnvironment(directory, description);
  process.env.ARM_METADATA_HOSTNAME = ARM_METADATA_HOSTNAME;
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(description.caFile, "utf8")]);
}
