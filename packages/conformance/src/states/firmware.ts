import type { RequestOf } from '@busbar/protocol';
import { formatInstant } from '@busbar/runtime';
import type { StationTest } from '../station-test.ts';
import type { SutStation } from '../sut-station.ts';
import type { TestPage } from '../test-page.ts';

export interface UpdateWish {
  /** The download does not come until it is let go. */
  readonly stall?: boolean;
  /** What is wrong with it. */
  readonly flaw?: 'wrongCertificate' | 'wrongSignature' | 'notThere';
  /** Seconds from now. */
  readonly retrieveInS?: number;
  readonly installInS?: number;
  readonly retries?: number;
  readonly retryInterval?: number;
}

export interface PreparedUpdate {
  readonly request: RequestOf<'UpdateFirmware'>;
  readonly place: TestPage;
}

const IMAGE_BYTES = 64 * 1024;

/** A firmware image with a signature that the station can check: the manufacturer's root is installed first. */
export async function preparedUpdate(t: StationTest, station: SutStation, wish: UpdateWish = {}): Promise<PreparedUpdate> {
  const maker = await t.manufacturer(station);
  const crypto = await t.outside.crypto();
  const image = t.outside.random.bytes(IMAGE_BYTES);
  const signer = (wish.flaw === 'wrongCertificate' ? await t.authority('a stranger') : maker).issue({
    subject: { commonName: 'Firmware signing' },
    kind: 'rsa2048',
  });
  const signature = crypto.sign(signer.key, 'rsaPssSha256', image);
  if (wish.flaw === 'wrongSignature') image[100] = (image[100] ?? 0) ^ 1;
  const place = t.page('firmware.bin', {
    ...(wish.flaw === 'notThere' ? { status: 404 } : { body: image }),
    ...(wish.stall === true ? { stall: true } : {}),
  });
  const inS = (seconds: number): string => formatInstant(t.now + seconds * 1000);
  return {
    place,
    request: {
      requestId: t.nextRequestId(),
      ...(wish.retries === undefined ? {} : { retries: wish.retries }),
      ...(wish.retryInterval === undefined ? {} : { retryInterval: wish.retryInterval }),
      firmware: {
        location: place.url,
        retrieveDateTime: inS(wish.retrieveInS ?? -7200),
        ...(wish.installInS === undefined ? {} : { installDateTime: inS(wish.installInS) }),
        signingCertificate: signer.pem,
        signature: toBase64(signature),
      },
    },
  };
}

const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
