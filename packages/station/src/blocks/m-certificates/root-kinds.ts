import type { Ocpp } from '@busbar/protocol';
import type { RootKind } from './trust-store.ts';

const KINDS: Readonly<Record<Ocpp.InstallCertificateUseEnumType, RootKind>> = {
  CSMSRootCertificate: 'CSMSRoot',
  ManufacturerRootCertificate: 'ManufacturerRoot',
  V2GRootCertificate: 'V2GRoot',
  MORootCertificate: 'MORoot',
  OEMRootCertificate: 'OEMRoot',
};

export const rootKindOf = (use: Ocpp.InstallCertificateUseEnumType): RootKind => KINDS[use];

const USES: Readonly<Record<RootKind, Ocpp.InstallCertificateUseEnumType>> = {
  CSMSRoot: 'CSMSRootCertificate',
  ManufacturerRoot: 'ManufacturerRootCertificate',
  V2GRoot: 'V2GRootCertificate',
  MORoot: 'MORootCertificate',
  OEMRoot: 'OEMRootCertificate',
};

export const useOf = (kind: RootKind): Ocpp.InstallCertificateUseEnumType => USES[kind];
