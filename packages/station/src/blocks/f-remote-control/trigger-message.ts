import type { Ocpp } from '@busbar/protocol';
import { AlignedDataCtrlr } from '@busbar/protocol/device-model';
import { handler } from '../../handler.ts';
import type { Life } from '../../life.ts';
import type { CertificateUse } from '../a-security/own-certificates.ts';

/** F06: the CSMS wants a message now. The answer goes first (F06.FR.04); what is Accepted is sent (F06.FR.10) and tells of the present (F06.FR.09). */
export const TriggerMessage = handler('TriggerMessage', (request, life) => {
  const { evse } = request;
  if (evse && !life.availability.exists(evse)) return { response: { status: 'Rejected' } };
  const send = plan(request, life);
  if (send === 'Rejected' || send === 'NotImplemented') return { response: { status: send } };
  return { response: { status: 'Accepted' }, after: send }; // F06.FR.05
});

function plan({ requestedMessage, evse }: Ocpp.TriggerMessageRequest, life: Life): 'Rejected' | 'NotImplemented' | (() => void) {
  const { registration, heartbeat, status, sessions } = life;
  const evseId = evse?.id; // F06.FR.03: where it means nothing it is ignored
  switch (requestedMessage) {
    case 'BootNotification':
      return registration.state === 'accepted' ? 'Rejected' : () => registration.ask('Triggered'); // F06.FR.17
    case 'Heartbeat':
      return () => heartbeat.send('asked');
    case 'MeterValues':
      return () => meterValues(evseId, life); // F06.FR.06
    case 'StatusNotification': {
      const connectorId = evse?.connectorId;
      if (evseId === undefined || connectorId === undefined) return 'Rejected'; // F06.FR.12
      return () => status.tellOne(evseId, connectorId, 'asked');
    }
    case 'TransactionEvent': {
      const wanted = sessions.ongoing.filter((session) => evseId === undefined || session.evseId === evseId); // F06.FR.11
      if (wanted.length === 0) return 'Rejected';
      return () => {
        for (const session of wanted) sessions.tell(session.evseId, 'Trigger', 'Trigger'); // F06.FR.07
      };
    }
    case 'LogStatusNotification':
      return () => life.logUpload.trigger(); // F06.FR.14, F06.FR.15
    case 'FirmwareStatusNotification':
      return () => life.firmware.trigger(); // F06.FR.16, L01.FR.25, L01.FR.26
    // F06.FR.08: their blocks come later.
    case 'PublishFirmwareStatusNotification':
    case 'SignCombinedCertificate': // withdrawn from the tests: one certificate for two purposes is not offered
    case 'CustomTrigger':
      return 'NotImplemented';
    case 'SignChargingStationCertificate':
      return sign('ChargingStationCertificate', life);
    case 'SignV2GCertificate':
      return sign('V2GCertificate', life, evseId);
    case 'SignV2G20Certificate':
      return sign('V2G20Certificate', life, evseId);
  }
}

/** A02: the request for a new certificate follows. */
function sign(use: CertificateUse, { signing, context }: Life, evseId?: number): 'Rejected' | 'NotImplemented' | (() => void) {
  if (!context.withCertificates) return 'NotImplemented';
  return signing.canAsk(use, evseId) ? () => signing.ask(use, 'asked', evseId) : 'Rejected';
}

function meterValues(evseId: number | undefined, { context, metering, outbox }: Life): void {
  const all = [0, ...context.layout.evses.map((evse) => evse.id)];
  for (const id of all.filter((entry) => evseId === undefined || entry === evseId)) {
    const value = metering.aligned(id, AlignedDataCtrlr.Measurands, 'Trigger');
    if (!value) continue;
    context.scope.run('triggered meter values', async () => {
      await outbox.send('asked', 'MeterValues', () => ({ evseId: id, meterValue: [value] }));
    });
  }
}
