import type { Command } from 'commander';

export function addCompletionCommand(program: Command, write: (text: string) => void): void {
  program
    .command('completion')
    .description('prints a script that completes commands and options in a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText(
      'after',
      '\nExamples:\n  busbar completion bash > ~/.busbar-completion\n  busbar completion fish > ~/.config/fish/completions/busbar.fish',
    )
    .action(async (name: string) => {
      const { completionScript, shellOf } = await import('./completion.ts');
      write(completionScript(program, shellOf(name)));
    });
}
