import { Type } from 'typebox';
import { Command } from './csms-commands.ts';
import { InstalledCertificates } from './csms-files.ts';
import { AnyObject, Id, Limit, Nullable, Reason, stationParams, Time } from './fields.ts';
import { listOf } from './list-query.ts';
import type { Route } from './route.ts';

const TrustKind = Type.String({ enum: ['csms', 'station', 'v2g', 'mo', 'manufacturer'] });
const CertificateUse = Type.String({ enum: ['ChargingStationCertificate', 'V2GCertificate', 'V2G20Certificate'] });
export const TrustedCertificate = Type.Object({
  hashData: Type.Object({
    hashAlgorithm: Type.String(),
    issuerNameHash: Type.String(),
    issuerKeyHash: Type.String(),
    serialNumber: Type.String(),
  }),
  hash: Type.String({ description: 'SHA-256 of the certificate, its name in this list' }),
  subject: Type.String(),
  notAfter: Time,
  pem: Type.String(),
});
const TrustedCertificates = Type.Object({ certificates: Type.Array(TrustedCertificate) });
export const Job = Type.Object({
  jobId: Type.String(),
  stationId: Id,
  kind: Type.String({ enum: ['upgradeProfile'] }),
  state: Type.String({ enum: ['running', 'done', 'failed'] }),
  step: Type.String(),
  detail: AnyObject,
  reason: Nullable(Type.String()),
  actor: Type.String(),
  createdAt: Time,
  updatedAt: Time,
});
export const SecurityEvent = Type.Object({
  id: Type.Integer(),
  stationId: Nullable(Id),
  type: Type.String(),
  critical: Type.Boolean(),
  source: Type.String({ enum: ['station', 'csms'] }),
  at: Time,
  receivedAt: Time,
  techInfo: Nullable(Type.String()),
});
export const StationCertificate = Type.Object({
  use: Type.String(),
  serialNumber: Type.String(),
  subject: Type.String(),
  state: Type.String({ enum: ['issued', 'installed', 'refused', 'revoked'] }),
  notBefore: Time,
  notAfter: Time,
  issuedAt: Time,
  revokedAt: Nullable(Time),
  reason: Nullable(Type.String()),
  chain: Type.String(),
});
/** A certificate with its station. */
export const ListedCertificate = Type.Object({ stationId: Id, ...StationCertificate.properties });
export const RefusedHandshake = Type.Object({
  at: Time,
  stationId: Type.String(),
  remoteAddress: Type.String(),
  status: Type.Integer({ description: 'of HTTP; 0 where TLS failed before' }),
  reason: Type.String(),
  times: Type.Integer(),
  passwordOffered: Type.Boolean({ description: 'the password it sent can be taken: it has never booted' }),
});
const securityEventFilters = {
  before: Type.Optional(Type.Integer()),
  type: Type.Optional(Type.String({ maxLength: 50 })),
  critical: Type.Optional(Type.Boolean()),
};

/** Passwords, certificates, trust, profiles, and what was noticed about them (A). */
export const securityRoutes = {
  setPassword: {
    method: 'PUT',
    role: 'installer',
    path: '/stations/:stationId/password',
    summary: 'Sets the password the CSMS expects; without a body a strong one is made and shown once',
    params: stationParams,
    body: Type.Object({ password: Type.Optional(Type.String()) }, { additionalProperties: false }),
    response: { 200: Type.Object({ password: Type.Optional(Type.String()) }) },
  },
  takePassword: {
    method: 'POST',
    path: '/stations/:stationId/take-password',
    role: 'installer',
    summary: 'Takes the password that a station, which has never booted, just sent from this address as the right one',
    params: stationParams,
    body: Type.Object({ remoteAddress: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false }),
  },
  changePassword: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/password',
    summary:
      'Gives the station another password over OCPP; without a body a strong one is made and shown once. Until it answers both are valid',
    params: stationParams,
    body: Type.Object({ password: Type.Optional(Type.String()) }, { additionalProperties: false }),
    response: { 200: Type.Object({ status: Type.String(), password: Type.Optional(Type.String()) }) },
  },
  renewCertificate: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/renew-certificate',
    summary: 'Asks the station for a certificate request; the certificate follows by itself',
    params: stationParams,
    body: Type.Object({ use: Type.Optional(CertificateUse) }, { additionalProperties: false }),
    response: { 200: Command },
  },
  stationCertificates: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/certificates',
    summary: 'Certificates signed here for the station, newest first, and those it told to be in its store',
    params: stationParams,
    response: { 200: Type.Object({ issued: Type.Array(StationCertificate), installed: InstalledCertificates }) },
  },
  listCertificates: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/certificates',
    summary:
      'Certificates signed here for stations, those that end first first. latest=true: only the newest of each use that a station has',
    query: listOf({
      use: Type.Optional(CertificateUse),
      state: Type.Optional(Type.String({ enum: ['issued', 'installed', 'refused', 'revoked'] })),
      before: Type.Optional(Type.String({ description: 'that end before; RFC 3339', maxLength: 40 })),
      stationId: Type.Optional(Id),
      latest: Type.Optional(Type.Boolean()),
    }),
    response: { 200: Type.Array(ListedCertificate) },
  },
  revokeCertificate: {
    method: 'POST',
    role: 'operator',
    path: '/stations/:stationId/certificates/:serialNumber/revoke',
    summary: 'From now on this certificate opens nothing; a link that rests on it is closed',
    params: Type.Object({ stationId: Id, serialNumber: Type.String({ maxLength: 40 }) }),
    body: Reason,
  },
  upgradeProfile: {
    method: 'POST',
    role: 'installer',
    path: '/stations/:stationId/upgrade-profile',
    summary:
      'Moves the station to security profile 2 or 3, as a job that goes on after a restart; the old credentials are valid until it is there',
    params: stationParams,
    body: Type.Object({ securityProfile: Type.Integer({ minimum: 2, maximum: 3 }) }, { additionalProperties: false }),
    response: { 202: Job },
  },
  stationJobs: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/jobs',
    summary: 'Jobs of this station, newest first',
    params: stationParams,
    query: Type.Object({ limit: Limit }),
    response: { 200: Type.Array(Job) },
  },
  getJob: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/jobs/:jobId',
    summary: 'State of a job',
    params: Type.Object({ jobId: Type.String({ maxLength: 40 }) }),
    response: { 200: Job },
  },
  stationSecurityEvents: {
    method: 'GET',
    role: 'viewer',
    path: '/stations/:stationId/security-events',
    summary: 'Security events the station told, and those noticed here about it, newest first',
    params: stationParams,
    query: listOf(securityEventFilters),
    response: { 200: Type.Array(SecurityEvent) },
  },
  securityEvents: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/security-events',
    summary: 'Security events of all stations, newest first',
    query: listOf(securityEventFilters),
    response: { 200: Type.Array(SecurityEvent) },
  },
  trust: {
    method: 'GET',
    role: 'viewer',
    path: '/trust/:kind',
    summary:
      'Roots by purpose: of this CSMS (what stations need to trust), of station certificates, of V2G, of contracts, of manufacturers. Where our own authority counts it stands first',
    params: Type.Object({ kind: TrustKind }),
    response: { 200: TrustedCertificates },
  },
  addTrust: {
    method: 'POST',
    role: 'admin',
    path: '/trust/:kind',
    summary: 'Adds one root or several, as PEM',
    params: Type.Object({ kind: TrustKind }),
    body: Type.Object({ pem: Type.String({ minLength: 1, maxLength: 200_000 }) }, { additionalProperties: false }),
    response: { 201: TrustedCertificates },
  },
  removeTrust: {
    method: 'DELETE',
    role: 'admin',
    path: '/trust/:kind/:hash',
    summary: 'Removes a root',
    params: Type.Object({ kind: TrustKind, hash: Type.String({ minLength: 64, maxLength: 64 }) }),
  },
  importRevocations: {
    method: 'POST',
    role: 'admin',
    path: '/revocations',
    summary: 'Takes over the revocation list (CRL) of another issuer of station certificates',
    body: Type.Object(
      { crl: Type.String({ minLength: 1, maxLength: 1_000_000 }), issuer: Type.String({ minLength: 1, maxLength: 20_000 }) },
      { additionalProperties: false },
    ),
    response: { 200: Type.Object({ revoked: Type.Integer() }) },
  },
  refusedHandshakes: {
    method: 'GET',
    role: 'viewer',
    perSite: true,
    path: '/refused-handshakes',
    summary: 'Who was refused, and why; newest first',
    response: { 200: Type.Array(RefusedHandshake) },
  },
} as const satisfies Record<string, Route>;
