import { setTimeout as sleep } from 'node:timers/promises';
import { BusbarError } from '@busbar/runtime';
import type { Command } from 'commander';

/** `busbar fleet`: load for any CSMS. */
export function addFleetCommand(program: Command): void {
  program
    .command('fleet')
    .description(
      'many full stations in one process, with drivers who come and go; at the end what they were promised is compared with the CSMS',
    )
    .requiredOption('--count <number>', 'how many stations')
    .requiredOption('--url <url>', 'the CSMS without the id, ws://HOST:PORT/ocpp')
    .option(
      '--profile <file>',
      'YAML or JSON: pattern (commuter, highway, depot), seed, versions, topologies, variables, chargeS, pauseS, prefix, deflate',
    )
    .option('--ramp <seconds>', 'from the first station to the last', '0')
    .option('--duration <seconds>', 'how long drivers come', '60')
    .option('--speed <factor>', 'how much faster drivers come, charge and leave', '1')
    .option('--api <url>', 'page and API of the CSMS: stations are registered there, and its transactions compared')
    .option('--api-key <key>', 'for --api; better by BUSBAR_API_KEY')
    .option('--json', 'the summary as one line of JSON')
    .addHelpText(
      'after',
      '\nExit code 1 when the CSMS does not have what it acknowledged. Without --api the CSMS has to let anybody in (busbar serve --test-mode --unknown-stations accept).\n\nExamples:\n  busbar fleet --count 100 --url ws://127.0.0.1:9000/ocpp --api http://127.0.0.1:8080 --ramp 10 --duration 120 --speed 60\n  busbar fleet --count 10 --url ws://127.0.0.1:9000/ocpp',
    )
    .action(async (flags: Readonly<Record<string, string | boolean | undefined>>) => {
      const { fleetCommand } = await import('./fleet/command.ts');
      const { tidyMemory } = await import('@busbar/runtime/node');
      const { terminalBlock } = await import('./bench/progress.ts');
      const text = (name: string): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);
      const number = (name: string, least: number): number => {
        const value = Number(text(name));
        if (Number.isFinite(value) && value >= least) return value;
        throw new BusbarError('bad-usage', `--${name} takes a number of at least ${least}, not ${String(flags[name])}.`);
      };
      const stop = Promise.withResolvers<void>();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.resolve());
      const [profile, api, apiKey] = [text('profile'), text('api'), text('apiKey') ?? process.env['BUSBAR_API_KEY']];
      process.exitCode = await fleetCommand(
        {
          count: Math.floor(number('count', 1)),
          url: text('url') ?? '',
          rampS: number('ramp', 0),
          durationS: number('duration', 0),
          speed: number('speed', 0.001),
          json: flags['json'] === true,
          ...(profile === undefined ? {} : { profile }),
          ...(api === undefined ? {} : { api }),
          ...(apiKey === undefined ? {} : { apiKey }),
        },
        {
          write: (said) => process.stdout.write(said),
          show: terminalBlock(process.stderr),
          stopped: stop.promise,
          wait: (ms) => sleep(ms),
          now: () => performance.now(),
          allRun: tidyMemory,
        },
      );
    });
}
