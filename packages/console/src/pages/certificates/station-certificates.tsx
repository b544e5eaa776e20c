import type { ListedCertificate } from '@busbar/api';
import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { endOf } from '../../api/command.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { CsvButton } from '../../design/csv-button.tsx';
import { Failed } from '../../design/failed.tsx';
import { More, usePages } from '../../design/pages.tsx';
import { dayAndTime, exactTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { useNow } from '../../words/now.ts';
import { certificatesWords } from './certificates-words.ts';
import { daysLeft, urgencyOf } from './days-left.ts';

type Certificate = Static<typeof ListedCertificate>;

const USES = ['ChargingStationCertificate', 'V2GCertificate', 'V2G20Certificate'] as const;
const STATES = ['issued', 'installed', 'refused', 'revoked'] as const;
const DAYS = [7, 30, 90, 365] as const;
const TONES = { over: 'bad', soon: 'bad', later: 'warn', fine: 'ok' } as const;
const DAY_MS = 86_400_000;

const keyOf = ({ stationId, serialNumber }: Certificate): string => `${stationId} ${serialNumber}`;

export function StationCertificates() {
  const words = useWords(certificatesWords);
  const { use, state, days } = useSearch({ from: '/certificates' });
  const client = useQueryClient();
  const may = useMay('installer');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [question, ask] = useState<Question | undefined>();
  const [said, say] = useState<readonly string[]>([]);
  const asked = {
    ...(use === undefined ? {} : { use }),
    ...(state === undefined ? { latest: true } : state === 'any' ? {} : { state }),
    ...(days === undefined ? {} : { before: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
  };
  const { rows, error, isPending, again, more } = usePages(['certificates', use, state, days], (cursor) =>
    api.page('/certificates', { query: { ...asked, ...cursor, limit: 100 } }),
  );
  const renew = async (certificates: readonly Certificate[]): Promise<void> => {
    const lines: string[] = [];
    for (const { stationId, use: wanted } of certificates) {
      try {
        const { word } = endOf(await api.post('/stations/:stationId/renew-certificate', { params: { stationId }, body: { use: wanted } }));
        lines.push(words.renewed(stationId, word));
      } catch (failure) {
        lines.push(words.renewed(stationId, failure instanceof Error ? failure.message : String(failure)));
      }
      say([...lines]);
    }
    setChosen(new Set());
    await client.invalidateQueries({ queryKey: ['certificates'] });
  };
  const revoke = ({ stationId, serialNumber }: Certificate): Question => ({
    ...words.askRevoke(serialNumber, stationId),
    danger: true,
    reason: true,
    run: async (reason) => {
      await api.post('/stations/:stationId/certificates/:serialNumber/revoke', { params: { stationId, serialNumber }, body: { reason } });
      await client.invalidateQueries({ queryKey: ['certificates'] });
    },
  });
  const toggle = (key: string): void => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    setChosen(next);
  };
  const filtered = use !== undefined || state !== undefined || days !== undefined;
  const selected = rows.filter((row) => chosen.has(keyOf(row)));
  return (
    <>
      <div className="row between wrap" style={{ alignItems: 'flex-end' }}>
        <Filters />
        <div className="row">
          <CsvButton path="/certificates" query={asked} />
          <Button variant="filled" disabled={!may || selected.length === 0} onClick={() => void renew(selected)} title={words.renewText}>
            {words.renewMany(selected.length)}
          </Button>
        </div>
      </div>
      {said.length > 0 && (
        <ul className="bare note info s" role="status">
          {said.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <Failed error={error} again={again} />
      {!isPending && error === null && rows.length === 0 && <div className="panel pb dim">{filtered ? words.nothing : words.empty}</div>}
      {rows.length > 0 && (
        <CertificateTable
          rows={rows}
          chosen={chosen}
          toggle={toggle}
          renew={(row) => void renew([row])}
          revoke={(row) => ask(revoke(row))}
        />
      )}
      <More more={more} />
      <Ask question={question} close={() => ask(undefined)} />
    </>
  );
}

function Filters() {
  const words = useWords(certificatesWords);
  const { use, state, days } = useSearch({ from: '/certificates' });
  const navigate = useNavigate({ from: '/certificates' });
  const change = (next: { use?: string | undefined; state?: string | undefined; days?: string | undefined }): void =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  return (
    <div className="fields">
      <NativeSelect
        label={words.use}
        value={use ?? ''}
        onChange={({ currentTarget: { value } }) => change({ use: value === '' ? undefined : value })}
        data={[{ value: '', label: words.anyUse }, ...USES.map((value) => ({ value, label: words.uses[value] ?? value }))]}
      />
      <NativeSelect
        label={words.state}
        value={state ?? ''}
        onChange={({ currentTarget: { value } }) => change({ state: value === '' ? undefined : value })}
        data={[
          { value: '', label: words.inUse },
          { value: 'any', label: words.anyState },
          ...STATES.map((value) => ({ value, label: words.states[value] ?? value })),
        ]}
      />
      <NativeSelect
        label={words.within}
        value={days ?? ''}
        onChange={({ currentTarget: { value } }) => change({ days: value === '' ? undefined : value })}
        data={[{ value: '', label: words.anyTime }, ...DAYS.map((n) => ({ value: String(n), label: words.days(n) }))]}
      />
    </div>
  );
}

interface TableProps {
  readonly rows: readonly Certificate[];
  readonly chosen: ReadonlySet<string>;
  readonly toggle: (key: string) => void;
  readonly renew: (row: Certificate) => void;
  readonly revoke: (row: Certificate) => void;
}

function CertificateTable({ rows, chosen, toggle, renew, revoke }: TableProps) {
  const words = useWords(certificatesWords);
  const may = useMay('installer');
  const mayRevoke = useMay('operator');
  return (
    <section className="panel scroll-x" aria-label={words.ofStations}>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{words.left}</th>
            <th scope="col">{words.station}</th>
            <th scope="col">{words.use}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.until}</th>
            <th scope="col">{words.serial}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className={chosen.has(keyOf(row)) ? 'sel' : undefined}>
              <td>
                <Checkbox
                  aria-label={words.select(`${row.stationId}, ${row.serialNumber}`)}
                  checked={chosen.has(keyOf(row))}
                  onChange={() => toggle(keyOf(row))}
                />
              </td>
              <td className="nw">
                <Left notAfter={row.notAfter} />
              </td>
              <td className="nw">
                <Link to="/stations/$stationId/admin" params={{ stationId: row.stationId }}>
                  {row.stationId}
                </Link>
              </td>
              <td className="nw">{words.uses[row.use] ?? row.use}</td>
              <td className="nw">
                {words.states[row.state] ?? row.state} {row.reason !== null && <span className="dim s">{row.reason}</span>}
              </td>
              <td className="nw" title={exactTime(row.notAfter)}>
                {dayAndTime(row.notAfter)}
              </td>
              <td className="mono">{row.serialNumber}</td>
              <td className="r nw">
                <Button disabled={!may} onClick={() => renew(row)}>
                  {words.renew}
                </Button>{' '}
                <Button disabled={!mayRevoke || row.state === 'revoked'} onClick={() => revoke(row)}>
                  {words.revoke}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Left({ notAfter }: { notAfter: string }) {
  const words = useWords(certificatesWords);
  const days = daysLeft(notAfter, useNow());
  const urgency = urgencyOf(days);
  return (
    <>
      {days < 0 ? words.ended(-days) : words.days(days)} <span className={`tag ${TONES[urgency]}`}>{words.urgency[urgency]}</span>
    </>
  );
}
