import type { Ocpp } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';
import type { InstalledCertificatesRecord } from '../store/file-intents.ts';

/** M03: what a station told of its store, as REST shows it. */
export const installedView = (record: InstalledCertificatesRecord | undefined) =>
  record === undefined ? null : { at: formatInstant(record.at), certificates: record.chains.map(chainView) };

const chainView = ({ certificateType, certificateHashData, childCertificateHashData }: Ocpp.CertificateHashDataChainType) => ({
  certificateType,
  hashData: certificateHashData,
  ...(childCertificateHashData === undefined ? {} : { childHashData: childCertificateHashData }),
});
