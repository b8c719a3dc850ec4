/**
 * What the name of a size says about it. Azure publishes the capabilities of a size only by region and subscription, so
 * nothing else is known before the deployment. Sources (azure-compute-docs): vm-naming-conventions.md, generation-2.md,
 * trusted-launch.md, and the pages of the series.
 */
import type { Problem } from "../shared/problem.ts";

/** Default size: burstable, generation 2, available in every region with availability zones. */
export const defaultVmSize = "Standard_B2s_v2";

/**
 * Series with generation 1 alone: A, Av2, D, Dv2, Dv3, Ev3, NC, NV and NP. The siblings of D and E with an "s" have
 * generation 2, too.
 */
const onlyGeneration1 = /^Standard_(?:A\d+m?(?:_v2)?|D\d+(?:_v[23])?|E\d+i?_v3|N[CV](?:6|12|24)r?|NP\d+s)(?:_Promo)?$/;

/** Dpsv5, Dpdsv5, Dplsv5 and Dpldsv5 have generation 2, but no trusted launch. */
const withoutTrustedLaunch = /^Standard_D\d+p[a-z]*_v5$/;

/** DC and EC with an AMD ("a") or Intel ("e") processor that encrypts memory; DCsv2 and DCsv3 have trusted launch. */
const confidential = /^Standard_[DE]C\d+[ae][a-z]*_/;

/** Returns why no VM of this component can have the size: trusted launch requires generation 2. */
export function sizeProblems(size: string): Problem[] {
  const problem = (reason: string): Problem[] => [{ key: "size", value: size, reason }];
  const form = `must be a size that supports generation 2 VMs, such as ${defaultVmSize}`;
  if (!/^Standard_[A-Z]+\d[A-Za-z0-9_-]*$/.test(size)) {
    const meant = usualSpelling(size);
    return problem(meant === undefined ? form : `${form} (did you mean ${meant}?)`);
  }
  if (onlyGeneration1.test(size)) return problem(`supports only generation 1 VMs; ${form}`);
  return withoutTrustedLaunch.test(size) || confidential.test(size)
    ? problem(
        `does not support trusted launch, which every VM here uses; choose another size, such as ${defaultVmSize}`,
      )
    : [];
}

/** Whether the size has an Arm64 processor: a "p" among its additive features, the small letters after its vCPUs. */
export function isArm64Size(size: string): boolean {
  return /^Standard_[A-Z]+\d+(?:-\d+)?[a-z]*p[a-z]*(?:_|$)/.test(size);
}

/** Sizes with an accelerator do not show in their names whether their processors are Arm64. */
export function hasAccelerator(size: string): boolean {
  return size.startsWith("Standard_N");
}

/** Returns a size in Azure's spelling, from one without "Standard", in another case or with other separators. */
function usualSpelling(size: string): string | undefined {
  const [, family = "", cpus = "", features = "", version = ""] =
    /^(?:standard[ _-])?([a-z]{1,3})(\d+)([a-z]*?)[ _-]?v(\d+)$/i.exec(size) ?? [];
  return family === "" ? undefined : `Standard_${family.toUpperCase()}${cpus}${features.toLowerCase()}_v${version}`;
}
