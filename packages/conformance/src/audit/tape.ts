import type { Crypto, Ids, Instant, KeyPair, Random } from '@busbar/runtime';
import type { Door, Outside, SecureDoor } from '../outside.ts';

/** What a case got from the outside besides what its trace shows: chance, keys, addresses. Played back, it makes the same case again. */
export interface Tape {
  startedAt: Instant;
  readonly uuids: string[];
  readonly numbers: number[];
  readonly bytes: Uint8Array[];
  readonly keys: KeyPair[];
  /** Requests and certificates, in the order they were made. */
  readonly pems: string[];
  readonly signatures: Uint8Array[];
  readonly doors: Pick<Door, 'ws' | 'second'>[];
  readonly secureDoors: Pick<SecureDoor, 'wss' | 'second' | 'host'>[];
  readonly pages: { readonly path: string; readonly url: string; readonly secureUrl: string }[];
}

const emptyTape = (startedAt: Instant): Tape => ({
  startedAt,
  uuids: [],
  numbers: [],
  bytes: [],
  keys: [],
  pems: [],
  signatures: [],
  doors: [],
  secureDoors: [],
  pages: [],
});

const kept = <T>(list: T[], value: T): T => {
  list.push(value);
  return value;
};

/** The same outside for one case, with a tape running. */
export function recording(outside: Outside): { readonly outside: Outside; readonly tape: Tape } {
  const tape = emptyTape(outside.clock.now());
  const { ids, random } = outside;
  return {
    tape,
    outside: {
      ...outside,
      ids: { uuid4: () => kept(tape.uuids, ids.uuid4()), uuid7: () => kept(tape.uuids, ids.uuid7()) },
      random: { next: () => kept(tape.numbers, random.next()), bytes: (count) => kept(tape.bytes, random.bytes(count)) },
      crypto: async () => recordingCrypto(await outside.crypto(), tape),
      door: (stationId, knocked) => {
        const door = outside.door(stationId, knocked);
        tape.doors.push({ ws: door.ws, second: door.second });
        return door;
      },
      secureDoor: async (...wish) => {
        const door = await outside.secureDoor(...wish);
        tape.secureDoors.push({ wss: door.wss, second: door.second, host: door.host });
        return door;
      },
      page: (path, page, seen) => {
        const served = outside.page(path, page, seen);
        tape.pages.push({ path, url: served.url, secureUrl: served.secureUrl });
        return served;
      },
    },
  };
}

const recordingCrypto = (crypto: Crypto, tape: Tape): Crypto => ({
  ...crypto,
  generateKey: (kind) => kept(tape.keys, crypto.generateKey(kind)),
  makeRequest: (wish) => kept(tape.pems, crypto.makeRequest(wish)),
  issueCertificate: (wish) => kept(tape.pems, crypto.issueCertificate(wish)),
  sign: (key, scheme, bytes) => kept(tape.signatures, crypto.sign(key, scheme, bytes)),
});

/** Reads a list from its begin; past its end the case goes another way than it was recorded, and gets something fresh. */
const reader = <T>(list: readonly T[], fresh: () => T): (() => T) => {
  let next = 0;
  return () => {
    const value = list[next];
    next += 1;
    return value ?? fresh();
  };
};

export interface Played {
  readonly ids: Ids;
  readonly random: Random;
  readonly crypto: Crypto;
}

/** Chance and keys as they were. */
export function playedBack(tape: Tape, crypto: Crypto, fresh: { readonly ids: Ids; readonly random: Random }): Played {
  const uuid = reader(tape.uuids, () => fresh.ids.uuid4());
  const keyNow = reader(tape.keys, () => crypto.generateKey('ecP256'));
  let pems = 0;
  const pem = (make: () => string): string => {
    const value = tape.pems[pems];
    pems += 1;
    return value ?? make();
  };
  let signatures = 0;
  let bytes = 0;
  return {
    ids: { uuid4: uuid, uuid7: uuid },
    random: {
      next: reader(tape.numbers, () => fresh.random.next()),
      bytes: (count) => {
        const value = tape.bytes[bytes];
        bytes += 1;
        return value?.length === count ? value : fresh.random.bytes(count);
      },
    },
    crypto: {
      ...crypto,
      generateKey: () => keyNow(),
      makeRequest: (wish) => pem(() => crypto.makeRequest(wish)),
      issueCertificate: (wish) => pem(() => crypto.issueCertificate(wish)),
      sign: (key, scheme, message) => {
        const value = tape.signatures[signatures];
        signatures += 1;
        return value ?? crypto.sign(key, scheme, message);
      },
    },
  };
}
