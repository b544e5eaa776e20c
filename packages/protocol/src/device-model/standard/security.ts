import { variablesOf } from '../model.ts';

const security = variablesOf('SecurityCtrlr');
/** Identity, password, certificates, security profile. */
export const SecurityCtrlr = {
  AdditionalRootCertificateCheck: security(
    'AdditionalRootCertificateCheck',
    'boolean',
    'Only one root at a time, a new one must be signed by the old.',
  ),
  AllowCSMSTLSWildcards: security('AllowCSMSTLSWildcards', 'boolean', 'Whether a server certificate with a wildcard is let through.', {
    mutability: 'ReadWrite',
    errata: '2.62',
  }),
  AllowSecurityProfileDowngrade: security(
    'AllowSecurityProfileDowngrade',
    'boolean',
    'Whether going back from profile 3 to 2 is allowed.',
    {
      mutability: 'ReadWrite',
      mayBeReadOnly: true,
      errata: '2.5',
    },
  ),
  BasicAuthPassword: security(
    'BasicAuthPassword',
    'string',
    'The Basic password: random, never readable; the station may end at 40 to 64.',
    {
      mutability: 'WriteOnly',
      min: 16,
      max: 64,
      errata: '2.1',
    },
  ),
  CertSigningRepeatTimes: security('CertSigningRepeatTimes', 'integer', 'How often a certificate request without answer is repeated.', {
    min: 0,
    mutability: 'ReadWrite',
  }),
  CertSigningWaitMinimum: security('CertSigningWaitMinimum', 'integer', 'First wait for a signed certificate; it doubles each time.', {
    unit: 's',
    min: 0,
    mutability: 'ReadWrite',
  }),
  CertificateEntries: security('CertificateEntries', 'integer', 'Certificates installed now; the limit says how many fit.', {
    min: 0,
    required: true,
  }),
  Identity: security('Identity', 'string', 'The id of the station on the link.', {
    min: 1,
    max: 48,
    mutability: 'ReadWrite',
    mayBeReadOnly: true,
  }),
  MaxCertificateChainSize: security('MaxCertificateChainSize', 'integer', 'Longest certificate chain the station takes.', {
    min: 0,
    max: 10_000,
  }),
  OrganizationName: security('OrganizationName', 'string', 'The operator as the certificates name it (O).', {
    mutability: 'ReadWrite',
    required: true,
  }),
  SecurityProfile: security('SecurityProfile', 'integer', 'The security profile in use.', { min: 0, max: 3, required: true }),
} as const;
