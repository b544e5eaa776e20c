import type { Clock, Crypto, Ids, Log, Random, Scope, Secret } from '@busbar/runtime';
import type { Authority } from './authority.ts';
import type { Authorizer } from './authorization.ts';
import type { SecurityLog } from './blocks/a-security/security-log.ts';
import type { Prices } from './blocks/i-tariff-cost/prices.ts';
import type { Commands } from './commands.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { CsmsConfig, Extensions } from './config.ts';
import type { Counted } from './counted.ts';
import type { FileService } from './files/file-service.ts';
import type { Live } from './live.ts';
import type { MessageLog } from './message-log.ts';
import type { People } from './people/people.ts';
import type { Stations } from './stations.ts';
import type { Reader } from './store/store.ts';

/** What the parts of the CSMS share; built once in `csms.ts`. */
export interface Kernel {
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
  readonly scope: Scope;
  readonly config: CsmsConfig;
  readonly extensions: Extensions;
  /** Keys and certificates; loaded when first needed. */
  readonly crypto: () => Promise<Crypto>;
  readonly authority: Authority | undefined;
  /** There is somebody who signs for stations. */
  readonly canSign: boolean;
  /** As it may be stored. */
  readonly hashPassword: (stationId: string, password: Secret, kind: 'generated' | 'chosen') => Promise<string>;
  readonly read: Reader;
  readonly queue: CommitQueue;
  readonly live: Live;
  readonly messages: MessageLog;
  readonly counted: Counted;
  readonly authorizer: Authorizer;
  readonly prices: Prices;
  readonly stations: Stations;
  readonly people: People;
  readonly commands: Commands;
  readonly files: FileService;
  /** Security events that we make ourselves. */
  readonly security: SecurityLog;
}
