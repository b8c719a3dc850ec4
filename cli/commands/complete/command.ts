import { defineCommand } from "../../command.ts";

export const complete = defineCommand({
  name: "complete",
  summary: "Print the completion script for a shell.",
  operands: [
    { name: "shell", description: "the shell", required: true, choices: ["bash", "zsh", "fish", "powershell"] },
  ],
  options: {},
  examples: [
    ["complete bash >> ~/.bashrc", "In bash, from the next shell on"],
    ["complete zsh > ~/.bastion-trail.zsh && echo 'source ~/.bastion-trail.zsh' >> ~/.zshrc", "In zsh"],
    ["complete fish > ~/.config/fish/completions/bastion-trail.fish", "In fish"],
  ],
  load: async () => (await import("./printScript.ts")).runComplete,
});
