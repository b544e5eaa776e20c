import { handler } from '../../handler.ts';

/** L01: new firmware is to be fetched and installed. Only the signing certificate is judged before the answer (L01.FR.21). */
export const UpdateFirmware = handler('UpdateFirmware', (request, { firmware }) => firmware.take(request));
