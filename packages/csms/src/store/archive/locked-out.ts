import { X509Certificate } from 'node:crypto';
import { text, textOrNull } from '../programs/columns.ts';
import { type Program, rows } from '../sql.ts';

/** What lies beside a database and makes its stations' credentials good. */
export interface Credentials {
  readonly pepperId: string | undefined;
  /** The intermediate certificate of the own authority, as PEM. */
  readonly intermediate: string | undefined;
}

export interface LockedOut {
  /** Stations whose Basic password was hashed with another pepper: it must be set anew. */
  readonly passwords: readonly string[];
  /** Stations whose certificate an authority signed that is not here. */
  readonly certificates: readonly string[];
  /** People whose password was hashed with another pepper. */
  readonly people: readonly string[];
}

/** Who cannot log in with what lies beside this database. */
export function* lockedOut({ pepperId, intermediate }: Credentials, now: number): Program<LockedOut> {
  const stations = yield* rows('SELECT identity, password, pending_password FROM station ORDER BY identity');
  const passwords = stations.filter((row) => {
    const known = [textOrNull(row, 'password'), textOrNull(row, 'pending_password')].filter((record) => record !== null);
    return known.length > 0 && !known.some((record) => record.split('$')[1] === pepperId);
  });
  const key = intermediate === undefined ? undefined : new X509Certificate(intermediate).publicKey;
  const signed = yield* rows(
    `SELECT s.identity AS identity, c.chain AS chain FROM certificate c JOIN station s ON s.id=c.station
      WHERE c.state IN ('issued', 'installed') AND c.not_after > ? ORDER BY s.identity, c.id`,
    now,
  );
  const others = signed.filter((row) => key === undefined || !new X509Certificate(text(row, 'chain')).verify(key));
  const people = yield* rows('SELECT name, password FROM person WHERE password IS NOT NULL ORDER BY name_key');
  return {
    passwords: passwords.map((row) => text(row, 'identity')),
    certificates: [...new Set(others.map((row) => text(row, 'identity')))],
    people: people.flatMap((row) => (text(row, 'password').split('$')[1] === pepperId ? [] : [text(row, 'name')])),
  };
}
