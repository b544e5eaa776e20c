import type { TokenImport } from '@busbar/api';
import { Button, FileButton, Group, Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { tokensWords } from './tokens-words.ts';

type Report = Static<typeof TokenImport>;
interface Chosen {
  readonly name: string;
  readonly text: string;
}

const SHOWN = 200;
const RANK = { wrong: 0, changed: 1, new: 2, same: 3 } as const;
const TONES = { wrong: 'bad', changed: 'warn', new: 'ok', same: '' } as const;

const send = (text: string, dryRun: boolean): Promise<Report> => {
  const isJson = text.trimStart().startsWith('[');
  return api.post('/tokens/import', {
    query: { dryRun },
    body: text,
    headers: { 'content-type': isJson ? 'application/json' : 'text/csv' },
  });
};

/** A file is first tried: each line says what it would do; only then it is written. */
export function TokenImportDialog({ close }: { close: () => void }) {
  const words = useWords(tokensWords);
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Chosen | undefined>();
  const [report, setReport] = useState<Report | undefined>();
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const run = async (text: string, dryRun: boolean): Promise<void> => {
    setBusy(true);
    setProblem('');
    try {
      setReport(await send(text, dryRun));
      if (!dryRun) await client.invalidateQueries({ queryKey: ['tokens'] });
    } catch (error) {
      setReport(undefined);
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  const choose = async (file: File | null): Promise<void> => {
    if (file === null) return;
    const text = await file.text();
    setChosen({ name: file.name, text });
    await run(text, true);
  };
  const todo = report === undefined ? 0 : report.counts.new + report.counts.changed;
  return (
    <Modal opened onClose={close} title={words.importTitle} size="lg">
      <p>{words.importText}</p>
      <div className="row" style={{ margin: '12px 0' }}>
        <FileButton accept=".csv,.json,text/csv,application/json" onChange={(file) => void choose(file)}>
          {(props) => <Button {...props}>{words.choose}</Button>}
        </FileButton>
        <span className="dim s">{busy ? words.checking : chosen?.name}</span>
      </div>
      {problem !== '' && (
        <p className="note bad" role="alert">
          {problem}
        </p>
      )}
      {report !== undefined && <Outcome report={report} name={chosen?.name ?? ''} />}
      <Group justify="flex-end" mt="md">
        <Button
          variant="filled"
          loading={busy}
          disabled={chosen === undefined || todo === 0 || report?.dryRun === false}
          onClick={() => void run(chosen?.text ?? '', false)}
        >
          {report !== undefined && todo === 0 ? words.nothingToDo : words.run(todo)}
        </Button>
      </Group>
    </Modal>
  );
}

function Outcome({ report, name }: { report: Report; name: string }) {
  const words = useWords(tokensWords);
  const { counts, dryRun } = report;
  const lines = report.lines.toSorted((a, b) => RANK[a.outcome] - RANK[b.outcome] || a.line - b.line);
  return (
    <div role="status">
      {dryRun ? (
        <p>
          <b>{words.summary(name)}:</b>{' '}
          {(['new', 'changed', 'same', 'wrong'] as const)
            .map((outcome) => `${count(counts[outcome])} ${words.outcome[outcome]}`)
            .join(', ')}
        </p>
      ) : (
        <p className="note ok">{words.done(counts.new, counts.changed)}</p>
      )}
      {counts.wrong > 0 && <p className="note">{words.wrongStay(counts.wrong)}</p>}
      <div style={{ maxHeight: 280, overflow: 'auto', marginTop: 8 }} tabIndex={0} role="region" aria-label={words.what}>
        <table className="c">
          <thead>
            <tr>
              <th scope="col" className="r">
                {words.line}
              </th>
              <th scope="col">{words.id}</th>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.why}</th>
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, SHOWN).map((line) => (
              <tr key={line.line}>
                <td className="r">{line.line}</td>
                <td className="mono">{line.idToken}</td>
                <td>
                  <span className={`tag ${TONES[line.outcome]}`}>{words.outcome[line.outcome]}</span>
                </td>
                <td>{line.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {lines.length > SHOWN && <p className="s dim">{words.shown(SHOWN, lines.length)}</p>}
    </div>
  );
}
