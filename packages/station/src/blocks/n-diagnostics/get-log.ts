import { handler } from '../../handler.ts';

/** N01: a log is to be uploaded. The answer says under which name; the upload itself begins once it left. */
export const GetLog = handler('GetLog', (request, { logUpload }) => logUpload.take(request));
