export { hashKey } from './access.ts';
export { createHttpServer, type HttpOptions, type HttpServer } from './server.ts';
