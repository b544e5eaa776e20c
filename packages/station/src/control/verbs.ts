import { type StationVerb, type stationControlRoutes, stationVerbs } from '@busbar/api';
import type { Ocpp } from '@busbar/protocol';
import { Secret } from '@busbar/runtime';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { Provisioning } from '../blocks/a-security/provisioning.ts';
import { ROOT_KINDS } from '../blocks/m-certificates/trust-store.ts';
import type { StationConfig } from '../config.ts';
import type { SimulatedHardware } from '../hardware/hardware.ts';
import type { Station } from '../station.ts';

/** A simulated station with its hands free. */
export interface Controlled {
  readonly station: Station;
  readonly hardware: SimulatedHardware;
}

/** What a verb came to: done, or why the station cannot (409). */
export type Outcome = 'done' | { readonly code: string; readonly reason: string };

type Act<S extends TSchema> = (body: Static<S>, controlled: Controlled) => Outcome | Promise<Outcome>;
type Verb = (body: unknown, controlled: Controlled) => Promise<Outcome | 'invalid'>;

/** The schema checks what came over HTTP and tells the compiler what it is. */
const verb =
  <S extends TSchema>(schema: S, act: Act<S>): Verb =>
  async (body, controlled) => {
    if (!Value.Check(schema, body)) return 'invalid';
    return await act(body, controlled);
  };

const lacks = (what: string): Outcome => ({ code: 'not-applicable', reason: `this station has no ${what}` });
const impossible = (reason: string): Outcome => ({ code: 'conflict', reason });
const later = (schema: TSchema, what: string): Verb => verb(schema, () => lacks(what));

const BOOT_REASONS: readonly Ocpp.BootReasonEnumType[] = [
  'ApplicationReset',
  'FirmwareUpdate',
  'LocalReset',
  'PowerUp',
  'Unknown',
  'Watchdog',
];

const evseOf = (hardware: SimulatedHardware, evse: number) => hardware.layout.evses.find((entry) => entry.id === evse);

/** Every verb of the control API. What a later block brings answers "not applicable" until then. */
export const VERBS: Readonly<Record<StationVerb, Verb>> = {
  plug: verb(stationVerbs.plug, ({ evse, connector = 1, vehicle = {}, end = 'both' }, { hardware }) =>
    hardware.plug(evse, connector, vehicle, end) ? 'done' : impossible('something is plugged in there already, or no cable is'),
  ),
  unplug: verb(stationVerbs.unplug, ({ evse, connector = 1, end = 'both' }, { hardware }) =>
    hardware.unplug(evse, connector, end) ? 'done' : impossible('the cable is locked, or there is none'),
  ),
  presentToken: verb(stationVerbs.presentToken, ({ evse, type, idToken, additionalInfo }, { hardware }) => {
    if (!hardware.layout.hasRfid && type !== 'KeyCode') return lacks('card reader');
    hardware.presentToken({
      type,
      idToken,
      ...(evse === undefined ? {} : { evse }),
      ...(additionalInfo === undefined ? {} : { additionalInfo }),
    });
    return 'done';
  }),
  enterPin: verb(stationVerbs.enterPin, ({ evse, pin }, { hardware }) => {
    if (!hardware.layout.hasPinPad) return lacks('PIN pad');
    hardware.presentToken({ type: 'KeyCode', idToken: pin, ...(evse === undefined ? {} : { evse }) });
    return 'done';
  }),
  startButton: verb(stationVerbs.startButton, ({ evse }, { hardware }) => {
    if (!evseOf(hardware, evse)?.hasStartButton) return lacks('start button');
    hardware.startButton(evse);
    return 'done';
  }),
  stopButton: verb(stationVerbs.stopButton, ({ evse }, { hardware }) => {
    if (!evseOf(hardware, evse)?.hasStartButton) return lacks('stop button');
    hardware.stopButton(evse);
    return 'done';
  }),
  occupyBay: verb(stationVerbs.occupyBay, ({ evse }, { hardware }) => bay(hardware, evse, true)),
  leaveBay: verb(stationVerbs.leaveBay, ({ evse }, { hardware }) => bay(hardware, evse, false)),
  evState: verb(stationVerbs.evState, ({ evse, state }, { hardware }) => {
    hardware.evState(evse, state);
    return 'done';
  }),
  evStop: verb(stationVerbs.evStop, ({ evse }, { hardware }) => {
    hardware.evStop(evse);
    return 'done';
  }),
  lock: verb(stationVerbs.lock, ({ evse, connector = 1, state }, { hardware }) => {
    const layout = evseOf(hardware, evse)?.connectors.find((entry) => entry.id === connector);
    if (!layout?.hasLock) return lacks('lock on this connector');
    hardware.lockState(evse, connector, state);
    return 'done';
  }),
  injectFault: verb(stationVerbs.injectFault, ({ code, ...at }, { hardware }) => {
    hardware.injectFault(at, code);
    return 'done';
  }),
  clearFault: verb(stationVerbs.clearFault, ({ code, ...at }, { hardware }) => {
    hardware.clearFault(at, code);
    return 'done';
  }),
  setActual: verb(stationVerbs.setActual, ({ component, variable, evse, value }, { station }) =>
    station.setActual({ name: component, ...(evse === undefined ? {} : { evse: { id: evse } }) }, { name: variable }, value)
      ? 'done'
      : lacks('such a variable, or the value does not fit it'),
  ),
  cutPower: verb(stationVerbs.cutPower, (_body, { station, hardware }) => {
    station.powerCut();
    hardware.powerOff();
    return 'done';
  }),
  restorePower: verb(stationVerbs.restorePower, (_body, { station }) => {
    station.start();
    return 'done';
  }),
  reboot: verb(stationVerbs.reboot, async ({ reason }, { station }): Promise<Outcome> => {
    await station.reboot(BOOT_REASONS.find((known) => known === reason) ?? 'LocalReset');
    return 'done';
  }),
  link: verb(stationVerbs.link, ({ state }, { station }) => {
    station.setLink(state);
    return 'done';
  }),
  provision: verb(stationVerbs.provision, async (body, { station }): Promise<Outcome> => {
    await station.provision(provisioningOf(body));
    return 'done';
  }),
  signedMeter: verb(stationVerbs.signedMeter, ({ on }, { hardware }) => {
    if (!hardware.layout.evses.some((evse) => evse.hasSignedMeter)) return lacks('meter that signs');
    hardware.signedMeter(on);
    return 'done';
  }),
  select: verb(stationVerbs.select, (choice, { hardware }) => {
    if (hardware.layout.hasSelection !== true) return lacks('selection on its display');
    if ('evse' in choice && !evseOf(hardware, choice.evse)) return lacks(`EVSE ${choice.evse}`);
    hardware.select('evse' in choice ? choice.evse : undefined);
    return 'done';
  }),
  firmware: verb(stationVerbs.firmware, ({ next }, { hardware }) => {
    hardware.nextInstallation(next);
    return 'done';
  }),
  log: verb(stationVerbs.log, ({ available }, { hardware }) => {
    hardware.logs(available);
    return 'done';
  }),
  presentContract: later(stationVerbs.presentContract, 'plug and charge'),
  evIdentify: later(stationVerbs.evIdentify, 'way to read the identity of a vehicle'),
  evNeeds: later(stationVerbs.evNeeds, 'ISO 15118'),
  renegotiate: later(stationVerbs.renegotiate, 'ISO 15118'),
  externalLimit: later(stationVerbs.externalLimit, 'external control of its power'),
  pay: later(stationVerbs.pay, 'payment terminal'),
  factoryReset: later(stationVerbs.factoryReset, 'factory reset'),
};

function bay(hardware: SimulatedHardware, evse: number, occupied: boolean): Outcome {
  if (!evseOf(hardware, evse)?.hasParkingSensor) return lacks('parking sensor at this EVSE');
  hardware.bay(evse, occupied);
  return 'done';
}

/** The body as the station takes it. Also for a station that is being made. */
export function provisioningOf(body: Static<(typeof stationVerbs)['provision']>): Provisioning {
  const { slots, roots, ...rest } = body;
  return {
    ...rest,
    ...(slots === undefined ? {} : { slots: slots.map(profileOf) }),
    ...(roots === undefined
      ? {}
      : { roots: roots.flatMap(({ kind, pem }) => ROOT_KINDS.filter((known) => known === kind).map((known) => ({ kind: known, pem }))) }),
  };
}

/** What a station that is being made is delivered with. */
export function deliveryOf(body: Static<typeof stationControlRoutes.create.body>): Partial<StationConfig> {
  const { url, securityProfile, organization, clientCert } = body;
  const { slots, roots } = provisioningOf({
    url,
    ...(body.slots === undefined ? {} : { slots: body.slots }),
    ...(body.roots === undefined ? {} : { roots: body.roots }),
  });
  return {
    ...(securityProfile === undefined ? {} : { securityProfile }),
    ...(organization === undefined ? {} : { organization }),
    ...(roots === undefined ? {} : { roots }),
    ...(slots === undefined ? {} : { networkProfiles: slots }),
    ...(clientCert ? { clientCertificate: { chain: clientCert.chain, key: new Secret(clientCert.key) } } : {}),
  };
}

const profileOf = ({
  slot,
  url,
  securityProfile,
  messageTimeout = 30,
}: {
  slot: number;
  url: string;
  securityProfile: number;
  messageTimeout?: number;
}) => ({
  slot,
  profile: {
    ocppCsmsUrl: url,
    securityProfile,
    messageTimeout,
    ocppInterface: 'Wired0' as const,
    ocppTransport: 'JSON' as const,
    ocppVersion: 'OCPP20' as const,
  },
});
