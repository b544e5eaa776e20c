import { readFileSync } from 'node:fs';
import { BusbarError, messageOf, Secret } from '@busbar/runtime';
import { readPassword } from './password.ts';
import { renderDoctor } from './render.ts';
import { noticeFor, runDoctor } from './run.ts';

/** `busbar station doctor URL` as the command line says it. */
export interface DoctorOptions {
  readonly id: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly version?: string;
  readonly tlsCa?: readonly string[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly deflate?: 'on' | 'off';
  readonly boot?: boolean;
  readonly json?: boolean;
}

export interface CommandOutput {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly colour: boolean;
  write(text: string): void;
}

const DOCTOR = { model: 'Doctor', vendorName: 'Busbar' };

/** Prints the report and returns the exit code. */
export async function doctorCommand(url: string, options: DoctorOptions, output: CommandOutput): Promise<number> {
  const { id, version, tlsCa, tlsCert, tlsKey } = options;
  if (!options.json) output.write(`${noticeFor(id)}\n\n`);
  const report = await runDoctor({
    url,
    id,
    password: readPassword(options, output.environment),
    ...(version === undefined ? {} : { subprotocols: [version] }),
    ...(tlsCa || tlsCert
      ? {
          tls: {
            ...(tlsCa ? { roots: tlsCa.map(readPem) } : {}),
            ...(tlsCert ? { certificate: readPem(tlsCert) } : {}),
            ...(tlsKey ? { key: new Secret(readPem(tlsKey)) } : {}),
          },
        }
      : {}),
    deflate: options.deflate !== 'off',
    ...(options.boot ? { boot: DOCTOR } : {}),
  });
  output.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderDoctor(report, { colour: output.colour }));
  return report.exitCode;
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BusbarError('bad-usage', `${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
