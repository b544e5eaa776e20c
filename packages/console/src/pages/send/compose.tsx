import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Copy } from '../../design/copy.tsx';
import { useWords } from '../../words/language.ts';
import { BulkJob } from '../bulk/bulk-job.tsx';
import { checkForm } from './check-form.ts';
import type { CommandView } from './command-result.ts';
import { asCurl } from './curl.ts';
import { type Draft, readJson, textOf, typed } from './draft.ts';
import { ObjectFields } from './form-fields.tsx';
import { formModel } from './form-model.ts';
import { handsOf } from './hands.ts';
import { JsonEditor } from './json-editor.tsx';
import { OneResult } from './one-result.tsx';
import type { Descriptor } from './send.tsx';
import { sendWords } from './send-words.ts';
import type { Keep } from './targets.tsx';

interface Props {
  readonly form: Descriptor;
  readonly draft: Draft;
  readonly change: (next: (draft: Draft) => Draft) => void;
  readonly ids: readonly string[];
  readonly keep: Keep;
}

type Sent = { readonly kind: 'one'; readonly command: CommandView } | { readonly kind: 'many'; readonly bulkId: string };

/** The form, the same message as JSON beside it, and what became of it below. */
export function Compose({ form, draft, change, ids, keep }: Props) {
  const words = useWords(sendWords);
  const [marked, setMarked] = useState<string | undefined>();
  const [tried, setTried] = useState(false);
  const may = useMay('installer');
  const read = draft.text === undefined ? undefined : readJson(draft.text);
  const broken = read === 'notObject' ? words.notObject : read !== undefined && 'problem' in read ? words.notJson(read.problem) : '';
  const faults = checkForm(form, draft.value);
  // Nobody is told that a field is empty before he had a chance to fill it.
  const shown = faults.filter(({ kind }) => tried || kind !== 'missing');
  const model = formModel(form, draft.value, draft.added);
  const send = useSend(form.action, ids, keep);
  const version = form.version.replace('ocpp', '');
  const run = (): void => {
    setTried(true);
    if (may && broken === '' && faults.length === 0 && ids.length > 0 && !send.isPending) send.mutate(draft.value);
  };
  const hands = handsOf(form, change, setMarked);
  const told = new Map(shown.toReversed().map((fault) => [fault.pointer, words.fault(fault)]));
  const keyed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  };
  const curl = asCurl({
    origin: window.location.origin,
    stations: ids.length === 0 ? ['STATION'] : ids,
    action: form.action,
    payload: draft.value,
    expires: keep === 'refuse' ? undefined : Number(keep),
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl Enter counts wherever one writes
    <div className="stack" onKeyDown={keyed}>
      <div className="compose">
        <FormPanel title={words.form} note={words.hidden(model.addable.length)}>
          {form.fields.length === 0 && model.strange.length === 0 ? (
            <p className="dim">{words.noFields}</p>
          ) : (
            <ObjectFields part={model} hands={{ ...hands, marked, faults: told }} />
          )}
        </FormPanel>
        <section className="panel col" aria-label={words.json}>
          <div className="ph wrap">
            <h2>{words.json}</h2>
            <div className="row s wrap">
              {broken === '' && (
                <b style={{ color: faults.length === 0 ? 'var(--ok)' : 'var(--warn)' }}>
                  {faults.length === 0
                    ? words.fits(version)
                    : faults.every(({ kind }) => kind === 'missing')
                      ? words.empty(faults.length)
                      : words.faults(faults.length)}
                </b>
              )}
              <Copy text={textOf(draft)} />
              <Copy text={curl}>{words.asCurl}</Copy>
            </div>
          </div>
          <JsonEditor
            label={words.jsonLabel}
            text={textOf(draft)}
            marked={marked}
            change={(text) => change((before) => typed(before, text))}
            caret={setMarked}
          />
          {(broken !== '' || shown.length > 0) && (
            <div className="pb s" role="status" style={{ color: 'var(--faulted)' }}>
              {broken !== '' ? (
                broken
              ) : (
                <ul className="bare">
                  {shown.slice(0, 5).map((fault) => (
                    <li key={`${fault.pointer} ${fault.kind}`} className="wrap-any">
                      <code>{fault.pointer}</code> {words.fault(fault)}
                    </li>
                  ))}
                </ul>
              )}
            </div>
          )}
        </section>
      </div>
      <section className="panel" aria-label={words.results}>
        <div className="ph wrap">
          <h2>{words.results}</h2>
          <div className="row wrap">
            <span className="s dim">{may ? words.keys : words.needsInstaller}</span>
            <Button variant="filled" disabled={!may || ids.length === 0 || broken !== ''} loading={send.isPending} onClick={run}>
              {words.sendTo(ids.length, ids[0] ?? '')}
            </Button>
          </div>
        </div>
        <Result sent={send.data} problem={send.error} />
      </section>
    </div>
  );
}

function FormPanel({ title, note, children }: { title: string; note: string; children: React.ReactNode }) {
  const heading = useId();
  return (
    <section className="panel" aria-labelledby={heading}>
      <div className="ph">
        <h2 id={heading}>{title}</h2>
        <span className="s dim">{note}</span>
      </div>
      <div className="pb">{children}</div>
    </section>
  );
}

function Result({ sent, problem }: { sent: Sent | undefined; problem: Error | null }) {
  const words = useWords(sendWords);
  if (problem !== null)
    return (
      <div className="note bad" role="alert">
        {problem.message}
      </div>
    );
  if (sent === undefined) return <p className="pb s dim">{words.waits}</p>;
  return sent.kind === 'one' ? <OneResult key={sent.command.commandId} sent={sent.command} /> : <BulkJob bulkId={sent.bulkId} />;
}

/** Seconds an answer is waited for before the page says that it waits. */
const WAIT_S = 30;

/** One station gets a command, several a job. */
function useSend(action: string, ids: readonly string[], keep: Keep) {
  const late = keep === 'refuse' ? {} : ({ offline: 'queue', expires: Number(keep) } as const);
  return useMutation({
    mutationFn: async (payload: Readonly<Record<string, unknown>>): Promise<Sent> => {
      const [only] = ids;
      if (ids.length === 1 && only !== undefined) {
        const query = { ...late, wait: keep === 'refuse' ? WAIT_S : 1 };
        const command = await api.post('/stations/:stationId/calls/:action', {
          params: { stationId: only, action },
          query,
          body: { ...payload },
        });
        return { kind: 'one', command };
      }
      const { bulkId } = await api.post('/bulk', {
        body: { stations: [...ids], action: { kind: 'call', action, payload: { ...payload } }, ...late },
      });
      return { kind: 'many', bulkId };
    },
  });
}
