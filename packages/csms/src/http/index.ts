export { hashKey } from './access.ts';
export type { ConsoleFiles } from './console.ts';
export { createHttpServer, type HttpOptions, type HttpServer } from './server.ts';
export { webhookSender } from './webhook-sender.ts';
