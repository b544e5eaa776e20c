import { BusbarError } from '@busbar/runtime';
import type { Command } from 'commander';

/** `busbar check`: the conformance kit, loaded only when it is asked for. */
export function addCheckCommands(program: Command): void {
  const check = program.command('check').description('the conformance kit: official cases against a CSMS or a station');
  check
    .command('csms')
    .description('tests a CSMS; the kit plays the station')
    .option('--self', 'our own CSMS, started for it')
    .option('--profile <names>', 'certification profiles, by comma', 'core,advanced-security')
    .option('--case <id...>', 'only these cases')
    .option('--features <file>', 'what the CSMS declares (busbar check features)')
    .option('--jobs <n>', 'cases at the same time')
    .option('--report <folder>', 'writes reports there')
    .option('--json', 'the summary as one line of JSON')
    .action(async (flags: Record<string, unknown>) => {
      const { featuresFrom, profilesFrom, check: runCheck, UsageError } = await import('@busbar/conformance/node');
      const { ownCsms } = await import('./check-self.ts');
      try {
        if (flags['self'] !== true) throw new UsageError('Name a CSMS, or --self.');
        const ids = flags['case'];
        const options = {
          role: 'csms' as const,
          profiles: profilesFrom(String(flags['profile'])),
          declared: featuresFrom(typeof flags['features'] === 'string' ? flags['features'] : undefined, 'csms'),
          ...(Array.isArray(ids) ? { ids: ids.map(String) } : {}),
          ...(flags['jobs'] === undefined ? {} : { jobs: Number(flags['jobs']) }),
          ...(typeof flags['report'] === 'string' ? { report: flags['report'] } : {}),
          json: flags['json'] === true,
        };
        const reached = await ownCsms();
        try {
          process.exitCode = (await runCheck(reached, options, { out: process.stdout, err: process.stderr })).exitCode;
        } finally {
          await reached.close();
        }
      } catch (error) {
        if (error instanceof UsageError) throw new BusbarError('bad-usage', error.message);
        throw error;
      }
    });
}
