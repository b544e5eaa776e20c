import { Worker, type WorkerOptions } from 'node:worker_threads';

/** A worker beside the caller's file: `.ts` when run from source, `.js` when run from the published package. */
export const startWorker = (name: string, besides: string, options: WorkerOptions = {}): Worker =>
  new Worker(new URL(`${name}${besides.endsWith('.ts') ? '.ts' : '.js'}`, besides), options);
