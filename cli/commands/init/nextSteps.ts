/** The commands that lead from the files to a deployment. */
import type { Answers } from "./answers.ts";
import { projectManifest } from "./manifest.ts";
import type { Plan } from "./plan.ts";
import { manifestFile } from "./sources.ts";

export function nextSteps({ create, keep }: Plan, { stack, values }: Answers, isNew: boolean): string[] {
  if (Object.keys(create).length === 0) return [];
  const deploy = `pulumi stack init ${stack} && pulumi up`;
  return [
    ...(isNew ? packages(keep.includes(manifestFile)) : []),
    "az login && export ARM_SUBSCRIPTION_ID=<subscription>",
    ...(values?.location === undefined
      ? [deploy]
      : [
          `npx bastion-trail bootstrap --stack ${stack} --location ${values.location}  # state, secrets key, pipelines`,
          `${deploy}  # after bootstrap: run the command that it prints instead`,
        ]),
  ];
}

/** The install commands. A project with its own manifest adds the packages of the program to it. */
function packages(hasManifest: boolean): string[] {
  if (!hasManifest) return ["npm install"];
  const { dependencies, devDependencies } = projectManifest();
  const words = (packages: Readonly<Record<string, string>>) =>
    Object.entries(packages)
      .map(([name, range]) => `"${name}@${range}"`)
      .join(" ");
  return [
    "npm pkg set type=module",
    `npm install ${words(dependencies)}`,
    `npm install --save-dev ${words(devDependencies)}`,
  ];
}
