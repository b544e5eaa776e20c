import { BusbarError } from '@busbar/runtime';
import type { Command } from 'commander';
import { isHidden } from './help-groups.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export function shellOf(name: string): Shell {
  const found = SHELLS.find((shell) => shell === name);
  if (found === undefined) throw new BusbarError('bad-usage', `completion knows ${SHELLS.join(', ')}, not ${name}.`);
  return found;
}

interface Flag {
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

interface Word {
  /** The words that lead here, without busbar itself: '' or 'stations add'. */
  readonly path: string;
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  readonly flags: readonly Flag[];
}

/** Every command that is shown, with its subcommands and options, as the program has them. */
export function wordsOf(command: Command, path = ''): readonly Word[] {
  const shown = command.commands.filter((one) => !isHidden(command, one));
  const flags = command.options
    .filter(({ hidden }) => !hidden)
    .map(({ short, long, description, required, optional, argChoices }) => ({
      names: [short, long].filter((name) => typeof name === 'string'),
      description,
      takesValue: required || optional,
      choices: argChoices ?? [],
    }));
  const help: Flag = { names: ['-h', '--help'], description: 'what it does', takesValue: false, choices: [] };
  return [
    {
      path,
      subcommands: shown.map((one) => ({ name: one.name(), description: one.description() })),
      flags: [...flags, help],
    },
    ...shown.flatMap((one) => wordsOf(one, path === '' ? one.name() : `${path} ${one.name()}`)),
  ];
}

/** The script for a shell; sourced, it completes names, subcommands, options and their choices. */
export function completionScript(program: Command, shell: Shell): string {
  const words = wordsOf(program);
  switch (shell) {
    case 'bash':
      return bash(words);
    case 'zsh':
      return zsh(words);
    case 'fish':
      return fish(words);
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const candidates = ({ subcommands, flags }: Word): string =>
  [...subcommands.map(({ name }) => name), ...flags.flatMap(({ names }) => names)].join(' ');
const choicesOf = (words: readonly Word[]): readonly (readonly [string, string])[] =>
  words.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, choices }) =>
      choices.length === 0 ? [] : names.map((name) => [`${path}:${name}`, choices.join(' ')] as const),
    ),
  );

/** The longest known command among the words so far: a word that is none is an argument, or the value of an option. */
const WALK = `  local at='' word
  for word in "\${before[@]}"; do
    case " $known " in *"|$at \${word}|"*|*"|\${at}\${word}|"*) if [ -z "$at" ]; then at="$word"; else at="$at $word"; fi ;; esac
  done`;

const bash = (words: readonly Word[]): string => `# busbar: completion for bash. Into ~/.bashrc: source <(busbar completion bash)
_busbar() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  local known=${quoted(`|${words.map(({ path }) => path).join('|')}|`)}
${WALK}
  case "$at:$previous" in
${choicesOf(words)
  .map(([at, values]) => `    ${quoted(at)}) COMPREPLY=($(compgen -W ${quoted(values)} -- "$current")); return ;;`)
  .join('\n')}
  esac
  local words=''
  case "$at" in
${words.map((word) => `    ${quoted(word.path)}) words=${quoted(candidates(word))} ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _busbar busbar
`;

/** `name:description`, as _describe wants it. */
const described = (name: string, description: string): string => quoted(`${name.replaceAll(':', '\\:')}:${description}`);

const zsh = (words: readonly Word[]): string => `#compdef busbar
# busbar: completion for zsh. Into ~/.zshrc, behind compinit: source <(busbar completion zsh)
_busbar() {
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}"
  local -a before=("\${(@)words[2,CURRENT-1]}")
  local known=${quoted(`|${words.map(({ path }) => path).join('|')}|`)}
${WALK}
  case "$at:$previous" in
${choicesOf(words)
  .map(([at, values]) => `    ${quoted(at)}) compadd -- ${values}; return ;;`)
  .join('\n')}
  esac
  local -a entries
  case "$at" in
${words
  .map(
    ({ path, subcommands, flags }) =>
      `    ${quoted(path)}) entries=(${[
        ...subcommands.map(({ name, description }) => described(name, description)),
        ...flags.flatMap(({ names, description }) => names.map((name) => described(name, description))),
      ].join(' ')}) ;;`,
  )
  .join('\n')}
  esac
  _describe -t commands busbar entries || _files
}
compdef _busbar busbar
`;

const fish = (
  words: readonly Word[],
): string => `# busbar: completion for fish. busbar completion fish > ~/.config/fish/completions/busbar.fish
function __busbar_at
  set -l known ${words.map(({ path }) => quoted(path)).join(' ')}
  set -l at ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$at $word")
    contains -- $next $known; and set at $next
  end
  test "$at" = "$argv[1]"
end
${words
  .flatMap(({ path, subcommands, flags }) => {
    const when = `complete -c busbar -n ${quoted(`__busbar_at ${quoted(path)}`)}`;
    return [
      ...subcommands.map(({ name, description }) => `${when} -f -a ${name} -d ${quoted(description)}`),
      ...flags.map(({ names, description, takesValue, choices }) => {
        const named = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
        const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : '';
        return `${when} ${named}${value} -d ${quoted(description)}`;
      }),
    ];
  })
  .join('\n')}
`;
