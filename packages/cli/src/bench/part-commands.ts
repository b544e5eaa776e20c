import type { ApiLoad } from './load/api.ts';
import type { Credentials, Run, RunResult } from './load/fleet.ts';
import type { StormResult } from './load/storm.ts';

/** What the processes of the benches are asked. */
export interface PartCommands {
  readonly load:
    | {
        readonly do: 'connect';
        readonly port: number;
        readonly stations: readonly Credentials[];
        readonly atOnce: number;
        readonly deflate?: boolean;
      }
    | { readonly do: 'begin' }
    | ({ readonly do: 'run' } & Run)
    | { readonly do: 'acknowledged' }
    | { readonly do: 'storm'; readonly port: number; readonly stations: readonly Credentials[] }
    | { readonly do: 'close' };
  /** Full stations in one process. */
  readonly fleet:
    | { readonly do: 'bootFleet'; readonly port: number; readonly stations: readonly Credentials[] }
    /** All of them run: what `busbar fleet` does then. */
    | { readonly do: 'tidyFleet' };
  /** A client of the REST API. */
  readonly api: { readonly do: 'askApi' } & ApiLoad;
  readonly 'raw-server': { readonly do: 'listen' };
  readonly validators: { readonly do: 'loadValidators'; readonly version: string };
}
export type PartName = keyof PartCommands;
export type PartCommand = PartCommands[PartName];

/** What they answer. */
export interface PartAnswers {
  readonly connect: null;
  readonly begin: null;
  readonly run: RunResult;
  /** Events that were answered since the stations began. */
  readonly acknowledged: number;
  readonly storm: StormResult;
  readonly close: null;
  /** Processor time until all of them were accepted, and how long that took. */
  readonly bootFleet: { readonly cpuMs: number; readonly ms: number };
  readonly tidyFleet: null;
  /** Milliseconds of each request. */
  readonly askApi: readonly number[];
  /** The port. */
  readonly listen: number;
  /** Milliseconds. */
  readonly loadValidators: number;
}
