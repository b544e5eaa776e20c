import type { Ocpp } from '@busbar/protocol';
import type { Crypto, KeyFacts } from '@busbar/runtime';
import { loadingHandler } from '../../handler.ts';
import type { StationRecord } from '../../store/intents.ts';

interface View {
  readonly crypto: Crypto | undefined;
}

/**
 * A02, A03: a request for a certificate. What can be judged here is judged here (A02.FR.11, A02.FR.12): signature, key size,
 * and that the station asks for itself; the certificate follows in a message of its own.
 */
export const signCertificate = loadingHandler(
  'SignCertificate',
  async (_request, _context, { crypto, canSign }): Promise<View> => ({ crypto: canSign ? await crypto() : undefined }),
  (request, { station, config }, { crypto }) => {
    if (!crypto) return rejected('NoSigner', 'this CSMS has no certificate authority');
    const { csr, certificateType = 'ChargingStationCertificate', requestId } = request;
    const fault = requestFault(crypto, csr, certificateType, station.record, config.organization);
    if (fault !== undefined) return rejected('InvalidCSR', fault);
    return {
      response: { status: 'Accepted' },
      intents: [],
      after: [{ run: 'signCertificate', csr, use: certificateType, ...(requestId === undefined ? {} : { requestId }) }], // A02.FR.14
    };
  },
);

const rejected = (reasonCode: string, additionalInfo: string) => ({
  response: { status: 'Rejected', statusInfo: { reasonCode, additionalInfo: additionalInfo.slice(0, 512) } } as const,
  intents: [],
  after: [{ run: 'securityEvent', type: 'CertificateRequestRefused', techInfo: additionalInfo }] as const,
});

function requestFault(
  crypto: Crypto,
  csr: string,
  use: Ocpp.CertificateSigningUseEnumType,
  record: StationRecord,
  organization: string,
): string | undefined {
  const request = crypto.readRequest(csr);
  if (request.kind === 'fault') return `the request is ${request.fault}`;
  if (tooSmall(request.key)) return `a key of ${request.key.bits} bits is too small`; // A00.FR.502, A00.FR.503
  const { commonName, organization: owner } = request.subject;
  if (owner !== organization) return `the organization is ${owner ?? 'missing'}, not ${organization}`; // A00.FR.509
  if (use !== 'ChargingStationCertificate') return commonName === undefined ? 'the commonName is missing' : undefined;
  const wanted = record.serialNumber ?? record.identity;
  return commonName === wanted ? undefined : `the commonName is ${commonName ?? 'missing'}, not ${wanted}`; // A00.FR.511
}

const tooSmall = ({ kind, bits }: KeyFacts): boolean => kind === 'other' || bits < (kind === 'rsa' ? 2048 : 224);
