import { lookup } from 'node:dns/promises';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { BusbarError, limits, messageOf } from '@busbar/runtime';
import type { WebhookSender } from '../webhooks.ts';

/** Everything that is not the public internet: this machine, the house, what exists for documents and tests. */
const [PRIVATE, PRIVATE_6] = [new BlockList(), new BlockList()]; // one of both would take any IPv4 address for a mapped one
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 128],
  ['::1', 128],
  ['::', 96], // IPv4 in the old form
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE_6.addSubnet(network, prefix, 'ipv6');

interface Address {
  readonly address: string;
  readonly family: number;
}

export const isPrivateAddress = ({ address, family }: Address): boolean =>
  family === 6 ? PRIVATE_6.check(address, 'ipv6') : PRIVATE.check(address, 'ipv4');

/** http and https, no credentials, and only addresses that may be spoken to; the address that was judged is the one connected to. */
export const webhookSender: WebhookSender = {
  check: async (text, allowPrivate) => {
    try {
      await addressOf(urlOf(text), allowPrivate);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  },
  send: async ({ url: text, headers, body, allowPrivate }) => {
    const url = urlOf(text);
    return post(url, await addressOf(url, allowPrivate), headers, body);
  },
};

const refuse = (detail: string): BusbarError => new BusbarError('invalid-request', detail);

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw refuse('This is no URL.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('Only https and http are spoken.');
  if (url.username !== '' || url.password !== '')
    throw refuse('A URL with a name or password in it is not kept; the signature says who we are.');
  return url;
}

/** All addresses of a name must be fit: which one is taken would be chance. */
async function addressOf(url: URL, allowPrivate: boolean): Promise<Address> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  const addresses = family === 0 ? await resolved(host) : [{ address: host, family }];
  const [first] = addresses;
  if (first === undefined) throw refuse(`The name ${host} has no address.`);
  if (!allowPrivate && addresses.some(isPrivateAddress))
    throw refuse(`${host} is an address of this house; webhooks go there only with webhookPrivate.`);
  return first;
}

async function resolved(host: string): Promise<readonly Address[]> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), limits.webhookTimeoutMs);
  try {
    return await Promise.race([lookup(host, { all: true, verbatim: true }), late.promise]);
  } catch (error) {
    throw refuse(`The name ${host} cannot be resolved: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Redirects are answers like others. What comes back is thrown away, and not much of it is waited for. */
function post(url: URL, { address, family }: Address, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const pinned: LookupFunction = (_host, options, done) =>
    options.all === true ? done(null, [{ address, family }]) : done(null, address, family);
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    lookup: pinned,
    headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
  };
  const outgoing = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
  const timer = setTimeout(() => outgoing.destroy(new Error('no answer in time')), limits.webhookTimeoutMs);
  outgoing.on('error', reject);
  outgoing.on('close', () => clearTimeout(timer));
  outgoing.on('response', (answer) => {
    const status = answer.statusCode ?? 0;
    let read = 0;
    answer.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read > limits.webhookAnswerBytes) outgoing.destroy();
    });
    answer.on('error', () => resolve(status));
    answer.on('close', () => resolve(status));
  });
  outgoing.end(body);
  return promise;
}
