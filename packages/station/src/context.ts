import type { Clock, Crypto, FileTransfer, Ids, Log, Random, Scope } from '@busbar/runtime';
import type { DiagnosticsLog } from './blocks/n-diagnostics/diagnostics-log.ts';
import type { StationConfig } from './config.ts';
import type { DeviceModel } from './device-model.ts';
import type { Hardware, StationLayout } from './hardware/hardware.ts';
import type { Memory } from './memory.ts';
import type { TraceEvent } from './trace.ts';

type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;

/** What every part of one life of a station is handed: the ports, its memory and its device model. */
export interface Context {
  readonly config: StationConfig;
  readonly clock: Clock;
  readonly scope: Scope;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
  readonly memory: Memory;
  /** Keys and certificates; loaded when first needed. */
  readonly crypto: () => Promise<Crypto>;
  /** False on a station that was built without `crypto`. */
  readonly withCertificates: boolean;
  /** Absent: this station moves no files. */
  readonly files: FileTransfer | undefined;
  readonly hardware: Hardware;
  readonly layout: StationLayout;
  readonly dm: DeviceModel;
  readonly diagnostics: DiagnosticsLog;
  readonly trace: (event: WithoutTime<TraceEvent>) => void;
  /** A decision in one sentence. */
  readonly note: (text: string) => void;
}
