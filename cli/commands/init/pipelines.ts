/** Platforms for a project's pipelines, with their files: path in the project to path in this repository. */
export const pipelines = {
  github: {
    ".github/workflows/deploy.yml": ".github/workflows/deploy.yml",
    ".github/workflows/nightly.yml": ".github/workflows/nightly.yml",
  },
  azure: { "azure-pipelines.yml": "ci/azure-pipelines.yml" },
  none: {},
} as const;

export type PipelineName = keyof typeof pipelines;
/** The pipelines that a new project gets unless `--ci` names others. */
export const defaultPipeline: PipelineName = "github";
export const pipelineNames = Object.keys(pipelines) as readonly PipelineName[];

export function isPipelineName(text: string): text is PipelineName {
  return Object.hasOwn(pipelines, text);
}
