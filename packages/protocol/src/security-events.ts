/** The security events of the appendices, with whether they are critical: critical ones are told, all are logged (A04). */
export const SECURITY_EVENTS = {
  FirmwareUpdated: true,
  FailedToAuthenticateAtCsms: false,
  CsmsFailedToAuthenticate: false,
  SettingSystemTime: true,
  StartupOfTheDevice: true,
  ResetOrReboot: true,
  SecurityLogWasCleared: true,
  ReconfigurationOfSecurityParameters: false,
  MemoryExhaustion: true,
  InvalidMessages: false,
  AttemptedReplayAttacks: false,
  TamperDetectionActivated: true,
  InvalidFirmwareSignature: true,
  InvalidFirmwareSigningCertificate: true,
  InvalidCsmsCertificate: true,
  InvalidChargingStationCertificate: true,
  InvalidTLSVersion: true,
  InvalidTLSCipherSuite: true,
  MaintenanceLoginAccepted: true,
  MaintenanceLoginFailed: true,
  /** Errata 2.9 (A02.FR.29); told although the list does not know it. */
  DiscardedRenewedClientCertificate: true,
} as const;

export type SecurityEvent = keyof typeof SECURITY_EVENTS;

export const isSecurityEvent = (type: string): type is SecurityEvent => Object.hasOwn(SECURITY_EVENTS, type);
