import type { Command, Option } from 'commander';
import { inOrder, isHidden } from './help-groups.ts';

/** A command as a page or a test sees it. */
export interface Documented {
  /** Without busbar: `stations add`. */
  readonly path: string;
  readonly usage: string;
  readonly group: string;
  readonly description: string;
  readonly options: readonly Option[];
  readonly examples: readonly string[];
  /** What the help says besides. */
  readonly notes: string;
}

/** Every command that is shown, those of a group behind it. */
export function documented(program: Command): readonly Documented[] {
  return inOrder(program.commands)
    .filter((command) => !isHidden(program, command))
    .flatMap((command) => of(command, '', command.helpGroup().replace(/:$/, '')));
}

function of(command: Command, before: string, group: string): readonly Documented[] {
  const path = before === '' ? command.name() : `${before} ${command.name()}`;
  const { examples, notes } = said(command);
  return [
    {
      path,
      usage: `busbar ${before === '' ? '' : `${before} `}${command.name()} ${command.usage()}`.trim(),
      group,
      description: command.description(),
      options: command.options.filter(({ hidden }) => !hidden),
      examples,
      notes,
    },
    ...command.commands.flatMap((inner) => of(inner, path, group)),
  ];
}

/** What stands behind the options in the help: sentences, and examples under their heading. */
function said(command: Command): Pick<Documented, 'examples' | 'notes'> {
  let help = '';
  command.configureOutput({ writeOut: (piece) => (help += piece) });
  command.outputHelp();
  const text = help.slice(command.helpInformation().length);
  const [notes = '', examples = ''] = text.split(/^Examples?:\n/m);
  return {
    notes: notes.trim(),
    examples: examples
      .split('\n')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  };
}
