import type { Ora } from "ora";

/** Says what is going on, to people, on stderr. */
export interface Progress {
  /** Starts a step; the one before must have ended. */
  step(title: string): ProgressStep;
  /** A line that stays. */
  note(text: string): void;
}

export interface ProgressStep {
  /** What the step is at right now, e.g. `812 of 1,686 packages`. */
  update(detail: string): void;
  /** Ends the step; `text` replaces its title. The time it took is added. */
  succeed(text?: string): void;
  fail(text?: string): void;
}

/** Milliseconds between two plain lines of one step, so that a CI log shows life without filling up. */
const plainInterval = 10_000;

/** Progress on stderr: a spinner with elapsed time on a terminal, plain lines elsewhere. */
export async function openProgress(stream: NodeJS.WriteStream = process.stderr): Promise<Progress> {
  if (!stream.isTTY) {
    return plainProgress((line) => stream.write(`${line}\n`));
  }
  const { default: ora } = await import("ora");
  return spinnerProgress(() => ora({ stream, discardStdin: false }), stream);
}

/** No progress at all, for `--quiet` and for tests. */
export const silentProgress: Progress = {
  step: () => ({ update: () => undefined, succeed: () => undefined, fail: () => undefined }),
  note: () => undefined,
};

/** Progress as plain lines: the title, a line now and then, and the end with the time it took. */
export function plainProgress(write: (line: string) => void, now: () => number = Date.now): Progress {
  return {
    note: write,
    step(title) {
      const started = now();
      let lastLine = started;
      write(`- ${title}`);
      return {
        update(detail) {
          if (now() - lastLine >= plainInterval) {
            lastLine = now();
            write(`  ${title}: ${detail}, ${elapsed(now() - started)}`);
          }
        },
        succeed(text) {
          write(`✔ ${text ?? title} (${elapsed(now() - started)})`);
        },
        fail(text) {
          write(`✖ ${text ?? title} (${elapsed(now() - started)})`);
        },
      };
    },
  };
}

function spinnerProgress(open: () => Ora, stream: NodeJS.WriteStream): Progress {
  return {
    note(text) {
      stream.write(`${text}\n`);
    },
    step(title) {
      const started = Date.now();
      const spinner = open();
      let detail = "";
      const show = () => {
        spinner.text = `${title}${detail === "" ? "" : `: ${detail}`} (${elapsed(Date.now() - started)})`;
      };
      show();
      spinner.start();
      const ticker = setInterval(show, 1000);
      const end = () => {
        clearInterval(ticker);
        return `(${elapsed(Date.now() - started)})`;
      };
      return {
        update(text) {
          detail = text;
          show();
        },
        succeed(text) {
          spinner.succeed(`${text ?? title} ${end()}`);
        },
        fail(text) {
          spinner.fail(`${text ?? title} ${end()}`);
        },
      };
    },
  };
}

/** A duration for people: `0.4 s`, `12 s`, `3 min 05 s`. */
export function elapsed(milliseconds: number): string {
  if (milliseconds < 10_000) {
    return `${(milliseconds / 1000).toFixed(1)} s`;
  }
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}
