import type { Action, VersionRules } from '@busbar/protocol';
import type { Instant } from '@busbar/runtime';
import type { Intent, StationRow } from '../store/intents.ts';

/** What the answers to commands about files and certificates tell, whoever sent the command. */
export function fileAnswer(
  station: StationRow,
  at: Instant,
  action: Action,
  payload: unknown,
  response: unknown,
  rules: VersionRules,
): readonly Intent[] | undefined {
  if (action === 'GetLog' && rules.isRequest(action, payload) && rules.isResponse(action, response)) {
    const { requestId, logType: type } = payload;
    const filename = response.filename === undefined ? {} : { filename: response.filename };
    return [{ k: 'log', station, requestId, at, change: { type, answer: response.status, ...filename } }];
  }
  if (action === 'UpdateFirmware' && rules.isRequest(action, payload) && rules.isResponse(action, response)) {
    return [{ k: 'firmwareUpdate', station, requestId: payload.requestId, at, change: { answer: response.status } }];
  }
  if (action === 'GetInstalledCertificateIds' && rules.isRequest(action, payload) && rules.isResponse(action, response)) {
    const { certificateType: types } = payload;
    const chains = response.certificateHashDataChain ?? [];
    return [{ k: 'installedCertificates', station, at, chains, ...(types === undefined ? {} : { types }) }];
  }
  return undefined;
}
