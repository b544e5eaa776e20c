import pg from 'pg';
import { type OwnDatabase, ownDatabase } from '../postgres/own-database.ts';
import { makeCluster } from './postgres-cluster.ts';

/** `BUSBAR_TEST_POSTGRES` names a server whose user may make databases; else the usual place is tried, and then one is started. */
const USUAL = 'postgres://postgres@127.0.0.1:5432/postgres';
export const POSTGRES_REQUIRED = (process.env['BUSBAR_REQUIRE'] ?? '').split(',').includes('postgres');

export interface TestServer {
  readonly version: string;
  /** A new empty one. */
  database(): Promise<OwnDatabase>;
}

let found: Promise<TestServer | undefined> | undefined;

/** A server for tests, or undefined where there is none and none can be started. Started once, it ends with this thread. */
export function testServer(): Promise<TestServer | undefined> {
  found ??= find();
  return found;
}

async function find(): Promise<TestServer | undefined> {
  const given = process.env['BUSBAR_TEST_POSTGRES'] ?? USUAL;
  const version = await versionOf(given);
  if (version !== undefined) return serverAt(given, version);
  const cluster = await makeCluster();
  if (cluster === undefined) return undefined;
  process.once('exit', () => cluster.abandon());
  return serverAt(cluster.url, (await versionOf(cluster.url)) ?? '');
}

const serverAt = (url: string, version: string): TestServer => ({ version, database: () => ownDatabase(url, 'test') });

async function versionOf(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    await client.end();
    return rows[0]?.server_version.split(' ')[0];
  } catch {
    return undefined;
  }
}
