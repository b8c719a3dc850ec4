/** Progress of a long step, shown to somebody who watches. */
import { takesColour, widthOf, type Io } from "./io.ts";
import { visible } from "@bastion-trail/core/rules/visible";

export interface Progress {
  update(text: string): void;
  /** Removes the line. */
  end(): void;
}

const silent: Progress = { update: () => undefined, end: () => undefined };

/**
 * Shows a line on stderr if it is a terminal, and nothing otherwise. In a terminal without a width, ora would clear
 * lines without end.
 */
export async function openProgress(io: Io, text: string): Promise<Progress> {
  const { stderr: stream, isTty, env } = io;
  if (!isTty.stderr || widthOf(stream) === undefined) {
    return silent;
  }
  const { default: ora } = await import("ora");
  const color = takesColour(true, env) ? "cyan" : false;
  // With `discardStdin`, ora would take the keyboard from a confirmation.
  const spinner = ora({ stream, text: visible(text), color, discardStdin: false }).start();
  return {
    update: (next) => {
      spinner.text = visible(next);
    },
    end: () => {
      spinner.stop();
    },
  };
}

/** Shows progress while a step runs. */
export async function withProgress<T>(io: Io, text: string, step: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = await openProgress(io, text);
  try {
    return await step(progress);
  } finally {
    progress.end();
  }
}
