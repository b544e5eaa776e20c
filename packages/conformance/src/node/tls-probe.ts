import { connect, type TLSSocket } from 'node:tls';
import { limits, messageOf } from '@busbar/runtime';
import type { TlsAnswer, TlsProbe } from '../outside.ts';

/** One TLS handshake and its result; the connection is closed at once. */
export function tlsProbe(probe: TlsProbe): Promise<TlsAnswer> {
  const url = new URL(probe.url);
  const { promise, resolve } = Promise.withResolvers<TlsAnswer>();
  const old = probe.maxVersion === 'TLSv1' || probe.maxVersion === 'TLSv1.1';
  const socket: TLSSocket = connect({
    host: url.hostname,
    port: Number(url.port === '' ? 443 : url.port),
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(/^[\d.]+$|:/.test(url.hostname) ? {} : { servername: url.hostname }),
    ...(probe.roots ? { ca: [...probe.roots] } : {}),
    ...(probe.minVersion ? { minVersion: probe.minVersion } : {}),
    ...(probe.maxVersion ? { maxVersion: probe.maxVersion } : {}),
    // OpenSSL speaks TLS 1.1 only below security level 1 (D19).
    ...(probe.ciphers ? { ciphers: probe.ciphers } : old ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
    ...(probe.certificate ? { cert: probe.certificate } : {}),
    ...(probe.key ? { key: probe.key } : {}),
  });
  const over = (answer: TlsAnswer): void => {
    clearTimeout(timer);
    resolve(answer);
    socket.destroy();
  };
  const timer = setTimeout(() => over({ done: false, reason: 'no answer' }), limits.handshakeTimeoutMs);
  socket.once('error', (error) => over({ done: false, reason: messageOf(error) }));
  socket.once('close', () => over({ done: false, reason: 'closed by the other side' }));
  socket.once('secureConnect', () => over(seen(socket)));
  return promise;
}

function seen(socket: TLSSocket): TlsAnswer {
  const certificate = socket.getPeerX509Certificate();
  const key = certificate?.publicKey;
  const details = key?.asymmetricKeyDetails;
  const curveBits: Record<string, number> = { prime256v1: 256, secp384r1: 384, secp521r1: 521, secp224r1: 224 };
  return {
    done: true,
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    subject: certificate?.subject ?? '',
    commonName: /^CN=(.*)$/m.exec(certificate?.subject ?? '')?.[1] ?? '',
    serialNumber: certificate?.serialNumber ?? '',
    key: { type: key?.asymmetricKeyType ?? '', bits: details?.modulusLength ?? curveBits[details?.namedCurve ?? ''] ?? 0 },
    trusted: socket.authorized,
  };
}
