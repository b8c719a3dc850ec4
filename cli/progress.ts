/** Progress of a long step, shown to somebody who watches. */
import type { Io } from "./io.ts";
import { visible } from "@bastion-trail/core/rules/visible";

export interface Progress {
  update(text: string): void;
  /** Removes the line. */
  end(): void;
}

const silent: Progress = { update: () => undefined, end: () => undefined };

/** Shows a line on stderr if it is a terminal, and nothing otherwise. */
export async function openProgress(io: Io, text: string): Promise<Progress> {
  if (!io.isTty.stderr) {
    return silent;
  }
  const { default: ora } = await import("ora");
  // Only the process's own stderr can be a terminal. With `discardStdin`, ora would take the keyboard from a
  // confirmation.
  const spinner = ora({ stream: process.stderr, text: visible(text), discardStdin: false }).start();
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
