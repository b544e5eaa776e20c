import type { Ocpp } from '@busbar/protocol';
import { formatInstant, limits } from '@busbar/runtime';
import { type Context, type Decision, handler, testClockOffsetMs } from '../../handler.ts';

/**
 * B01–B03: who may take part. An unapproved station is answered Pending and gets nothing else (D20); the first boot of an
 * approved one is Pending while its inventory is fetched, if that automation is on; everybody else is Accepted.
 */
export const bootNotification = handler('BootNotification', (request, context) => {
  const { record } = context.station;
  const serialNumber = request.chargingStation.serialNumber;
  const known = record.serialNumber ?? context.station.certificateName;
  if (serialNumber !== undefined && known !== undefined && serialNumber !== known) {
    // B01.FR.11, B01.FR.12, also when none is pinned yet and only the certificate names one: another serial number under this identity is another station.
    return {
      ...answer(request, context, 'Rejected', limits.bootRetryS),
      after: [{ run: 'closeLink', code: 1008, reason: 'serial number differs' }],
    };
  }
  const next = context.station.settings.test?.nextBoot?.[0];
  if (context.config.testMode && next !== undefined) return used(answer(request, context, next.status, next.interval), context);
  if (record.approval === 'rejected' || record.approval === 'retired') return answer(request, context, 'Rejected', limits.bootRetryS);
  if (record.approval === 'unapproved') return answer(request, context, 'Pending', limits.bootRetryS);
  // A00.FR.429, A00.FR.807: in only to get a new certificate (B02).
  if (context.station.restriction !== undefined)
    return { ...answer(request, context, 'Pending', limits.bootRetryS), after: [{ run: 'renewCertificate' }] };
  // One that booted here before and whose answer was forgotten (D10: restore, move) keeps its inventory, and its queue goes on.
  if (record.registration === null && record.bootAt === null && automationOn(context)) {
    return { ...answer(request, context, 'Pending', limits.bootRetryS), after: [{ run: 'onboardingInventory' }] };
  }
  return { ...answer(request, context, 'Accepted', context.config.heartbeatIntervalS), after: [{ run: 'accepted' }] };
});

function answer(
  request: Ocpp.BootNotificationRequest,
  context: Context,
  status: Ocpp.RegistrationStatusEnumType,
  interval: number,
): Decision<'BootNotification'> {
  const { station, now } = context;
  return {
    response: { currentTime: formatInstant(now + testClockOffsetMs(context)), interval, status }, // B01.FR.02
    intents: [
      {
        k: 'boot',
        station: station.record.row,
        epoch: station.epoch,
        at: now,
        request,
        status,
        interval,
        securityProfile: station.securityProfile,
      },
    ],
  };
}

/** One of the boots that a test asked for is used up. */
function used(decision: Decision<'BootNotification'>, { station }: Context): Decision<'BootNotification'> {
  const { settings, record } = station;
  const [first, ...rest] = settings.test?.nextBoot ?? [];
  const nextBoot = first !== undefined && first.times > 1 ? [{ ...first, times: first.times - 1 }, ...rest] : rest;
  const patched = JSON.stringify({ ...settings, test: { ...settings.test, nextBoot } });
  const after = decision.response.status === 'Accepted' ? [{ run: 'accepted' } as const] : [];
  return { ...decision, intents: [...decision.intents, { k: 'stationPatch', station: record.row, patch: { settings: patched } }], after };
}

function automationOn({ station, config }: Context): boolean {
  if (station.settings.test?.automation === 'off') return false;
  return station.settings.automations?.onboardingInventory ?? config.automations.onboardingInventory;
}
