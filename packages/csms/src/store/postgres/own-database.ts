import pg from 'pg';

export interface OwnDatabase {
  readonly url: string;
  /** Removes it, whoever is still connected. */
  drop(): Promise<void>;
}

let n = 0;

/** A new empty database beside that of `url`, whose user must be allowed to make one. For tests and benches. */
export async function ownDatabase(url: string, purpose: 'test' | 'bench'): Promise<OwnDatabase> {
  n += 1;
  const name = `busbar_${purpose}_${process.pid}_${Math.floor(performance.timeOrigin + performance.now())}_${n}`;
  await execute(url, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, drop: () => execute(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
