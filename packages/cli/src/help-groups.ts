import { assert } from '@busbar/runtime';
import { Command, Help } from 'commander';

/** Where `busbar help` shows a command. */
const GROUPS: readonly (readonly [title: string, names: readonly string[]])[] = [
  ['Run', ['up', 'init', 'serve', 'config']],
  ['Operate', ['tail', 'incidents', 'transactions', 'call', 'commands', 'bulk', 'tariffs']],
  ['Stations', ['stations', 'variables', 'station', 'fleet']],
  ['People', ['tokens', 'users', 'keys', 'audit', 'webhooks']],
  ['Data', ['export', 'backup', 'restore', 'move']],
  ['Develop', ['check', 'demo', 'replay', 'bench', 'completion', 'help']],
];

export const GROUP_TITLES: readonly string[] = GROUPS.map(([title]) => title);

/** A command without a group is a bug. */
export function groupCommands(program: Command): void {
  const groupOf = new Map(GROUPS.flatMap(([title, names]) => names.map((name) => [name, title] as const)));
  for (const command of program.commands) {
    if (isHidden(program, command)) continue;
    const group = groupOf.get(command.name());
    assert(group !== undefined, `busbar ${command.name()} has a group in help-groups.ts`);
    command.helpGroup(`${group}:`);
  }
  program.addHelpCommand(new Command('help').argument('[command]').description('what a command does').helpGroup('Develop:'));
  program.configureHelp({
    groupItems: (all, visible, titleOf) => {
      const groups = new Help().groupItems(all, visible, titleOf);
      const known = GROUP_TITLES.map((title) => `${title}:`);
      return new Map([...groups].toSorted(([a], [b]) => known.indexOf(a) - known.indexOf(b)));
    },
    visibleCommands: (parent) => (parent === program ? inOrder(new Help().visibleCommands(parent)) : new Help().visibleCommands(parent)),
  });
  program.addHelpText('after', '\nExample:\n  busbar help call');
}

const ORDER = GROUPS.flatMap(([, names]) => names);

/** What one does first stands first; subcommands keep their places. */
export const inOrder = (commands: readonly Command[]): Command[] =>
  commands.toSorted((a, b) => ORDER.indexOf(a.name()) - ORDER.indexOf(b.name()));

/** Commander keeps that to itself; its help tells. */
export const isHidden = (parent: Command, command: Command): boolean => !new Help().visibleCommands(parent).includes(command);
