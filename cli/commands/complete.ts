import { defineCommand } from "../command.ts";

export const complete = defineCommand({
  name: "complete",
  summary: "Print the script that makes a shell complete this program's commands and options.",
  operands: [
    { name: "shell", description: "for which shell", required: true, choices: ["bash", "zsh", "fish", "powershell"] },
  ],
  options: {},
  examples: [
    ["complete bash >> ~/.bashrc", "in bash, from the next shell on"],
    ["complete zsh > ~/.bastion-trail.zsh && echo 'source ~/.bastion-trail.zsh' >> ~/.zshrc", "in zsh"],
    ["complete fish > ~/.config/fish/completions/bastion-trail.fish", "in fish"],
  ],
  load: async () => (await import("../completion.ts")).runComplete,
});
