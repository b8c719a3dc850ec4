/** `complete`: prints the scripts by which shells request completions. */
import { RootCommand } from "@bomb.sh/tab";
import { exitCodes, type ExitCode } from "../../errors.ts";
import { write, type Io } from "../../io.ts";
import { programName } from "../../programName.ts";

/**
 * The library's own script for bash evaluates the words being typed, requires the package bash-completion and cannot be
 * loaded twice. `-o default` completes file names for options that take a path.
 */
const bashScript = `# bash completion for ${programName}
_bastion_trail() {
  local line word IFS=$'\\n'
  COMPREPLY=()
  for line in $(${programName} complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); do
    [[ $line == :* ]] && continue
    printf -v word %q "\${line%%$'\\t'*}"
    COMPREPLY+=("$word")
  done
}
complete -o default -F _bastion_trail ${programName}
`;

interface ShellChoice {
  readonly operands: readonly string[];
}

/** Prints the script of a shell. */
export async function runComplete({ operands: [shell = ""] }: ShellChoice, io: Io): Promise<ExitCode> {
  if (shell === "bash") {
    await write(io.stdout, bashScript);
  } else {
    new RootCommand().setup(programName, programName, shell);
  }
  return exitCodes.fine;
}
