import { type Listener, wsListen } from '@busbar/protocol/node';
import { formatInstant, type Socket } from '@busbar/runtime';
import { systemClock } from '@busbar/runtime/node';
import type { TestAuthority } from '../../authority.ts';
import { partsOf, resultText } from '../../frames.ts';
import type { CsmsAddress } from '../../outside.ts';

/** What is wrong with a CSMS that says yes to everything, whoever knocks. */
export type CsmsFlaw = 'lets everybody in' | 'speaks TLS 1.1' | 'has no certificate with an EC key' | 'shows the name of another server';

const HOST = '127.0.0.1';

/** A CSMS just good enough for the steps around a handshake. */
export async function yesManCsms(
  flaw: CsmsFlaw,
  authority: TestAuthority,
): Promise<{ readonly address: CsmsAddress; close(): Promise<void> }> {
  const commonName = flaw === 'shows the name of another server' ? 'another.example' : HOST;
  const leaf = (kind: 'ecP256' | 'rsa2048') => authority.issue({ subject: { commonName }, names: { addresses: [HOST] }, kind });
  const leaves = flaw === 'has no certificate with an EC key' ? [leaf('rsa2048')] : [leaf('rsa2048'), leaf('ecP256')];
  const options = {
    host: HOST,
    port: 0,
    acceptor: async () => ({ kind: 'accept', subprotocol: 'ocpp2.0.1', opened: answersEverything }) as const,
  };
  const plain = await wsListen(options);
  const secure: Listener = await wsListen({
    ...options,
    tls: {
      cert: leaves.map(({ pem }) => pem),
      key: leaves.map(({ key }) => key.reveal()),
      requestClientCertificate: true,
      ...(flaw === 'speaks TLS 1.1' ? { offers: { minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } } : {}),
    },
  });
  return {
    address: { ws: `ws://${HOST}:${plain.port}/ocpp`, wss: `wss://${HOST}:${secure.port}/ocpp`, roots: [authority.root] },
    close: async () => {
      await plain.close();
      await secure.close();
    },
  };
}

function answersEverything(socket: Socket): void {
  socket.handle({
    text: (text) => {
      const call = partsOf(text);
      if (call?.type === 'call') socket.send(resultText(call.id, answerTo(call.action)));
    },
    binary: () => {},
    alive: () => {},
    closed: () => {},
  });
}

function answerTo(action: string): unknown {
  const currentTime = formatInstant(systemClock.now());
  if (action === 'BootNotification') return { status: 'Accepted', currentTime, interval: 300 };
  return action === 'Heartbeat' ? { currentTime } : {};
}
