import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { api } from '../../api/client.ts';
import { callStation } from '../../api/command.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { CsvButton } from '../../design/csv-button.tsx';
import { Ago, Value } from '../../design/figures.tsx';
import { Segments } from '../../design/segments.tsx';
import { Status } from '../../design/status.tsx';
import type { Row } from '../../live/fleet-store.ts';
import { stream } from '../../live/stream.ts';
import { clockTime, decimal, energy, type Figure, power } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { SeriesTable } from './series-table.tsx';
import { stationWords } from './station-words.ts';

const SeriesChart = lazy(() => import('./series-chart.tsx').then(({ SeriesChart: chart }) => ({ default: chart })));

type Connector = Row['connectors'][number];

/** Reads the series again when the transaction moves, at most once a second. */
function useSeries(stationId: string, transactionId: string) {
  const client = useQueryClient();
  const queryKey = ['series', stationId, transactionId];
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const again = (): void => {
      waiting = undefined;
      void client.invalidateQueries({ queryKey: ['series', stationId, transactionId] });
      void client.invalidateQueries({ queryKey: ['transaction', stationId, transactionId] });
    };
    const deaf = stream.on('transaction', (event) => {
      if (event.stationId === stationId && event.transactionId === transactionId) waiting ??= setTimeout(again, 900);
    });
    return () => {
      deaf();
      clearTimeout(waiting);
    };
  }, [client, stationId, transactionId]);
  return useQuery({
    queryKey,
    queryFn: () => api.get('/transactions/:stationId/:transactionId/series', { params: { stationId, transactionId } }),
  });
}

export function RunningSession({ stationId, connector }: { stationId: string; connector: Connector }) {
  const words = useWords(stationWords);
  const transactionId = connector.transactionId ?? '';
  const params = { stationId, transactionId };
  const { data: series = [] } = useSeries(stationId, transactionId);
  const { data: transaction } = useQuery({
    queryKey: ['transaction', stationId, transactionId],
    queryFn: () => api.get('/transactions/:stationId/:transactionId', { params }),
  });
  const [view, setView] = useState<'power' | 'current' | 'table'>('power');
  const last = series.at(-1);
  const offered = last?.offeredW ?? null;
  return (
    <section className="panel" aria-label={`EVSE ${connector.evseId}`}>
      <div className="ph wrap">
        <div className="row wrap">
          <h2>EVSE {connector.evseId}</h2>
          <Status of={connector.state} />
          <span className="dim s">
            {words.since} {connector.since === null ? '' : clockTime(connector.since)}
            {transaction?.idToken ? `, ${words.token} …${transaction.idToken.idToken.slice(-4)}` : ''}, {words.session}{' '}
            <Link to="/sessions/$stationId/$transactionId" params={params} className="mono">
              {transactionId.slice(0, 8)}
            </Link>
          </span>
        </div>
        <Legend view={view} />
      </div>
      <div className="pb">
        <div className="figures">
          {connector.powerW !== null && (
            <Key
              name={words.power}
              figure={power(connector.powerW)}
              hint={offered === null ? '' : words.offered(decimal(offered / 1000, 1))}
            />
          )}
          {connector.socPercent !== null && <Key name={words.soc} figure={{ value: decimal(connector.socPercent, 0), unit: '%' }} />}
          {connector.energyWh !== null && <Key name={words.energy} figure={energy(connector.energyWh)} />}
          <div>
            <div className="s dim">{words.time}</div>
            <div className="key">
              <Ago at={connector.since} />
            </div>
          </div>
          {last !== undefined && last.voltageV !== null && last.currentA !== null && (
            <div>
              <div className="s dim">{words.volts}</div>
              <div className="key">
                <Value of={{ value: decimal(last.voltageV, 0), unit: 'V' }} />{' '}
                <Value of={{ value: decimal(last.currentA, 1), unit: 'A' }} />
              </div>
            </div>
          )}
          {transaction?.cost?.total != null && (
            <Key name={words.cost} figure={{ value: transaction.cost.total, unit: transaction.cost.currency }} />
          )}
          <StopButton stationId={stationId} transactionId={transactionId} />
        </div>
        <div style={{ minHeight: 220, marginTop: 8 }}>
          {view === 'table' ? (
            <SeriesTable series={series} />
          ) : (
            <Suspense fallback={null}>
              <SeriesChart series={series} view={view} label={words.chart(connector.since === null ? '' : clockTime(connector.since))} />
            </Suspense>
          )}
        </div>
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <CsvButton path="/transactions/:stationId/:transactionId/series" params={params} />
          <Segments
            label={words.curve}
            value={view}
            choose={setView}
            choices={[
              { value: 'power', label: words.kwSoc },
              { value: 'current', label: words.ampsVolts },
              { value: 'table', label: words.table },
            ]}
          />
        </div>
      </div>
    </section>
  );
}

/** Lines are told apart by their stroke, not by colour alone. */
function Legend({ view }: { view: 'power' | 'current' | 'table' }) {
  const words = useWords(stationWords);
  if (view === 'table') return null;
  const lines =
    view === 'power'
      ? ([
          [words.power, 'var(--power)', ''],
          [words.limit, 'var(--limit)', '6 3'],
          [words.soc, 'var(--soc)', '2 3'],
        ] as const)
      : ([
          ['A', 'var(--power)', ''],
          ['V', 'var(--soc)', '2 3'],
        ] as const);
  return (
    <div className="row s wrap">
      {lines.map(([name, colour, dash]) => (
        <span key={name} className="row" style={{ gap: 5 }}>
          <svg width="22" height="8" aria-hidden="true">
            <path d="M0 4H22" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
          </svg>
          {name}
        </span>
      ))}
    </div>
  );
}

const Key = ({ name, figure, hint = '' }: { name: string; figure: Figure; hint?: string }) => (
  <div>
    <div className="s dim">{name}</div>
    <div className="key">
      <Value of={figure} />
    </div>
    {hint !== '' && <div className="s dim">{hint}</div>}
  </div>
);

function StopButton({ stationId, transactionId }: { stationId: string; transactionId: string }) {
  const words = useWords(stationWords);
  const may = useMay('installer');
  const [question, ask] = useState<Question | undefined>();
  const [result, setResult] = useState('');
  const stop = async (): Promise<void> => {
    const end = await callStation(stationId, 'RequestStopTransaction', { transactionId });
    setResult([end.word, end.detail].filter(Boolean).join(', '));
  };
  return (
    <div style={{ marginLeft: 'auto' }}>
      <Button variant="outline" color="red" disabled={!may} onClick={() => ask({ ...words.ask.stop(stationId), danger: true, run: stop })}>
        {words.stop}
      </Button>
      {result !== '' && (
        <div className="s dim" role="status">
          {result}
        </div>
      )}
      <Ask question={question} close={() => ask(undefined)} />
    </div>
  );
}
