import type { Command } from 'commander';
import type { ArchiveSurroundings } from './archive/surroundings.ts';

type Given = Readonly<Record<string, string | boolean | undefined>>;

/** Backup, restore and move; the surroundings are made when a command runs. */
export function addArchiveCommands(program: Command, surroundings: () => Promise<ArchiveSurroundings>, environment = process.env): void {
  const database = (flags: Given): { readonly database?: string } => {
    const url = text(flags, 'database') ?? environment['BUSBAR_DATABASE'];
    return url === undefined ? {} : { database: url };
  };

  program
    .command('backup')
    .description('the database and the files as one file, while the CSMS runs; either database, and it restores into either')
    .requiredOption('--out <file>', 'the backup; nothing is overwritten')
    .option('--data <folder>', 'folder of the data', './data')
    .option('--database <url>', 'postgres://… when the CSMS stores there (BUSBAR_DATABASE)')
    .option('--secrets <file>', 'pepper, API key and authority too, encrypted, into a file of their own')
    .option('--passphrase-file <file>', 'for --secrets; asked on the terminal when left out')
    .option('--json', 'the result as one line of JSON')
    .addHelpText(
      'after',
      '\nThe message log (raw frames) is not in it. SQLite: beside --out there is a copy of the database while it runs.\n\nExamples:\n  busbar backup --data ./data --out monday.busbar --secrets monday.secrets\n  busbar backup --database postgres://busbar@db/busbar --out monday.busbar',
    )
    .action(async (flags: Given) => {
      const { backupCommand } = await import('./archive/backup-command.ts');
      const [secrets, passphraseFile] = [text(flags, 'secrets'), text(flags, 'passphraseFile')];
      await backupCommand(
        {
          data: text(flags, 'data') ?? './data',
          out: text(flags, 'out') ?? '',
          ...database(flags),
          ...(secrets === undefined ? {} : { secrets }),
          ...(passphraseFile === undefined ? {} : { passphraseFile }),
          json: flags['json'] === true,
          version: program.version() ?? '',
        },
        await surroundings(),
      );
    });

  program
    .command('restore <file>')
    .description('a backup into an empty folder or database, whole or not at all')
    .requiredOption('--data <folder>', 'a new folder')
    .option('--database <url>', 'an empty database, postgres://…; without it SQLite in the folder')
    .option('--secrets <file>', 'what `busbar backup --secrets` wrote')
    .option('--passphrase-file <file>', 'for --secrets; asked on the terminal when left out')
    .option('--json', 'the result as one line of JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  busbar restore monday.busbar --data ./data-2 --secrets monday.secrets\n  busbar restore monday.busbar --data ./data-2 --database postgres://busbar@db/empty',
    )
    .action(async (file: string, flags: Given) => {
      const { restoreCommand } = await import('./archive/restore-command.ts');
      const [url, secrets, passphraseFile] = [text(flags, 'database'), text(flags, 'secrets'), text(flags, 'passphraseFile')];
      await restoreCommand(
        file,
        {
          data: text(flags, 'data') ?? '',
          ...(url === undefined ? {} : { database: url }),
          ...(secrets === undefined ? {} : { secrets }),
          ...(passphraseFile === undefined ? {} : { passphraseFile }),
          json: flags['json'] === true,
        },
        await surroundings(),
      );
    });

  program
    .command('move')
    .description('a data folder into PostgreSQL, while the CSMS is stopped; ids and bills stay')
    .requiredOption('--from <folder>', 'folder of the data')
    .requiredOption('--to <url>', 'an empty database, postgres://…')
    .option('--json', 'the result as one line of JSON')
    .addHelpText('after', '\nExample:\n  busbar move --from ./data --to postgres://busbar@db/busbar')
    .action(async (flags: Given) => {
      const { moveCommand } = await import('./archive/move-command.ts');
      await moveCommand(
        { from: text(flags, 'from') ?? '', to: text(flags, 'to') ?? '', json: flags['json'] === true },
        await surroundings(),
      );
    });
}

const text = (flags: Given, name: string): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);
