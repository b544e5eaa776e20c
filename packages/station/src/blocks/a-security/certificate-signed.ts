import { handler } from '../../handler.ts';

/**
 * A02, A03: the signed certificate. A valid one is used at once: the station leaves and comes back with it, without a reset
 * (A02.FR.08). An invalid one is discarded and reported (A02.FR.07).
 */
export const CertificateSigned = handler(
  'CertificateSigned',
  async ({ certificateChain, certificateType = 'ChargingStationCertificate' }, { context, signing, security, profiles, plan, link }) => {
    if (!context.withCertificates) return { response: { status: 'Rejected' } };
    const verdict = signing.judge(await context.crypto(), certificateType, certificateChain);
    if ('refusal' in verdict) {
      context.note(`certificate refused: ${verdict.refusal}`);
      const statusInfo = {
        reasonCode: verdict.invalid ? 'InvalidCertificate' : 'UnexpectedContent',
        additionalInfo: verdict.refusal.slice(0, 512),
      };
      return {
        response: { status: 'Rejected', statusInfo },
        after: () => (verdict.invalid ? security.report('InvalidChargingStationCertificate', verdict.refusal) : undefined),
      };
    }
    return {
      response: { status: 'Accepted' },
      commit: verdict.changes,
      after: () => {
        security.report('ReconfigurationOfSecurityParameters', certificateType);
        plan.anew();
        if (certificateType === 'ChargingStationCertificate' && profiles.securityProfile === 3) link.reconnect();
      },
    };
  },
);
