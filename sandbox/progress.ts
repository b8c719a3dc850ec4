import type { Ora } from "ora";

/** Reports progress to people, on stderr. */
export interface Progress {
  /** Starts a step; the previous one must have ended. */
  step(title: string): ProgressStep;
  /** Prints a permanent line. */
  note(text: string): void;
}

export interface ProgressStep {
  /** Updates the current detail of the step, for example `812 of 1,686 packages`. */
  update(detail: string): void;
  /** Ends the step; `text` replaces its title. The elapsed time is appended. */
  succeed(text?: string): void;
  fail(text?: string): void;
}

/** Milliseconds between two plain lines of one step, so that a CI log shows activity without growing too long. */
const plainInterval = 10_000;

/**
 * Opens progress on stderr: a spinner with elapsed time on a terminal, otherwise plain lines. In a terminal without a
 * width, such as that of `script`, ora would clear lines without end.
 */
export async function openProgress(stream: NodeJS.WriteStream = process.stderr): Promise<Progress> {
  if (!stream.isTTY || stream.columns === 0) return plainProgress((line) => stream.write(`${line}\n`));
  const { default: ora } = await import("ora");
  const color = stream.hasColors() ? "cyan" : false;
  return spinnerProgress(() => ora({ stream, color, discardStdin: false }), stream);
}

/** No progress, for `--quiet` and for tests. */
export const silentProgress: Progress = {
  step: () => ({ update: () => undefined, succeed: () => undefined, fail: () => undefined }),
  note: () => undefined,
};

/** Reports progress as plain lines: the title, occasional lines, and the end with the elapsed time. */
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

/** Formats a duration: `0.4 s`, `12 s`, `3 min 05 s`. */
export function elapsed(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}
