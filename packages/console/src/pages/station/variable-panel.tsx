import { Button } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { designWords } from '../../design/design-words.ts';
import { exactTime, span } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { useNow } from '../../words/now.ts';
import { configurationWords } from './configuration-words.ts';
import {
  type Attribute,
  faultOf,
  isPassword,
  mayWrite,
  ocppName,
  type Variable,
  valuesOf,
  variableName,
  type Write,
} from './device-model.ts';
import { limitsOf, ValueEditor } from './value-editor.tsx';

interface Props {
  readonly stationId: string;
  readonly connected: boolean;
  readonly variable: Variable;
  /** By attribute. */
  readonly writes: readonly Write[];
  readonly wanted: string | undefined;
  readonly written: () => void;
}

interface Answer {
  readonly good: boolean;
  readonly word: string;
  readonly detail: string;
}

/** What a variable is, what it may be, and setting it. */
export function VariablePanel({ stationId, connected, variable, writes, wanted, written }: Props) {
  const words = useWords(configurationWords);
  const [first, ...others] = variable.attributes;
  return (
    <section className="panel" aria-label={variableName(first)}>
      <div className="ph">
        <h2 style={{ overflowWrap: 'anywhere' }}>{variableName(first)}</h2>
      </div>
      <div className="pb">
        <Facts attribute={first} />
      </div>
      {[first, ...others].map((attribute) => (
        <div key={attribute.attribute} className="pb" style={{ borderTop: '1px solid var(--line)' }}>
          {others.length > 0 && <h3>{attribute.attribute}</h3>}
          <Edit
            key={`${variable.key} ${attribute.attribute} ${wanted ?? ''}`}
            stationId={stationId}
            connected={connected}
            attribute={attribute}
            wanted={attribute.attribute === 'Actual' ? wanted : undefined}
            written={written}
          />
          {writes
            .filter((write) => write.attribute === attribute.attribute)
            .map((write) => (
              <LastWrite key={write.commandId} write={write} title={words.lastWrite} />
            ))}
        </div>
      ))}
    </section>
  );
}

function LastWrite({ write, title }: { write: Write; title: string }) {
  const words = useWords(configurationWords);
  return (
    <div className="s" style={{ marginTop: 10 }}>
      <b>{title}</b>
      <br />
      <span className="dim" title={exactTime(write.at)}>
        {exactTime(write.at)}
      </span>{' '}
      {words.setTo(write.wanted)}, {write.status}
      {write.reason !== null && `, ${write.reason}`} <span className="dim">{write.actor}</span>
      {write.afterReboot && <span className="tag new">{words.state.afterReboot}</span>}
    </div>
  );
}

function Facts({ attribute }: { attribute: Attribute }) {
  const words = useWords(configurationWords);
  const general = useWords(designWords);
  const now = useNow();
  const { characteristics, mutability = 'ReadWrite', persistent, at } = attribute;
  const { dataType, unit, minLimit, maxLimit } = characteristics ?? {};
  const isNumber = dataType === 'integer' || dataType === 'decimal';
  const limits = limitsOf(minLimit, maxLimit, isNumber, undefined);
  const values = valuesOf(attribute);
  const facts: readonly (readonly [string, string])[] = [
    [words.type, dataType ?? ''],
    [words.limits, limits],
    [words.values, values.join(', ')],
    [words.unit, unit ?? ''],
    [words.mutabilityName, mutability],
    [words.persistent, persistent === undefined ? '' : persistent ? general.yes : general.no],
    [words.monitored, characteristics === undefined ? '' : characteristics.supportsMonitoring ? general.yes : general.no],
  ];
  return (
    <dl className="dl">
      {facts
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd style={{ overflowWrap: 'anywhere' }}>{value}</dd>
          </div>
        ))}
      <dt>{words.lastRead}</dt>
      <dd title={exactTime(at)}>{words.agoOf(span((now - Date.parse(at)) / 1000))}</dd>
    </dl>
  );
}

interface EditProps {
  readonly stationId: string;
  readonly connected: boolean;
  readonly attribute: Attribute;
  readonly wanted: string | undefined;
  readonly written: () => void;
}

function Edit({ stationId, connected, attribute, wanted, written }: EditProps) {
  const words = useWords(configurationWords);
  const may = useMay('installer');
  const [value, setValue] = useState(wanted ?? attribute.value ?? '');
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer | undefined>();
  const shown = attribute.value ?? words.unset;
  if (isPassword(attribute)) return <p className="s dim">{words.isPassword}</p>;
  if (!mayWrite(attribute))
    return (
      <p className="s">
        <b style={{ overflowWrap: 'anywhere' }}>{shown}</b>
        <br />
        <span className="dim">{words.readOnly}</span>
      </p>
    );
  const fault = faultOf(value, attribute);
  const set = async (): Promise<void> => {
    setBusy(true);
    try {
      setAnswer(await setAndReadBack(stationId, attribute, value, words));
    } catch (error) {
      setAnswer({ good: false, word: error instanceof Error ? error.message : String(error), detail: '' });
    } finally {
      setBusy(false);
      written();
    }
  };
  return (
    <form
      style={{ display: 'grid', gap: 8 }}
      onSubmit={(event) => {
        event.preventDefault();
        void set();
      }}
    >
      <span className="s dim" style={{ overflowWrap: 'anywhere' }}>
        {words.now(shown)}
      </span>
      <ValueEditor
        attribute={attribute}
        value={value}
        change={setValue}
        disabled={!may}
        error={fault === undefined || value === (attribute.value ?? '') ? undefined : words.fault(fault)}
      />
      <div>
        <Button type="submit" variant="filled" loading={busy} disabled={!may || !connected || fault !== undefined}>
          {words.setAndRead}
        </Button>
      </div>
      {!connected && <span className="s dim">{words.whyNot}</span>}
      {answer !== undefined && (
        <p role="status" className={`note s ${answer.good ? 'ok' : 'bad'}`}>
          <b>{answer.word}</b>
          {answer.detail !== '' && `, ${answer.detail}`}
        </p>
      )}
    </form>
  );
}

const TAKEN: ReadonlySet<string> = new Set(['Accepted', 'RebootRequired']);

/** What the station says when it is set, then what it says it has. */
async function setAndReadBack(
  stationId: string,
  attribute: Attribute,
  value: string,
  words: (typeof configurationWords)['en'],
): Promise<Answer> {
  const name = ocppName(attribute);
  const params = { stationId };
  const set = await api.post('/stations/:stationId/variables/set', {
    params,
    body: { variables: [{ ...name, attributeValue: value }] },
  });
  const [result] = set.results;
  const status = result?.attributeStatus ?? '';
  const info = result?.attributeStatusInfo;
  const reason = [info?.reasonCode, info?.additionalInfo].filter((part) => part !== undefined).join(': ');
  if (!TAKEN.has(status) || attribute.mutability === 'WriteOnly')
    return { good: TAKEN.has(status), word: words.answered(status), detail: reason };
  const read = await api.post('/stations/:stationId/variables/get', { params, body: { variables: [name] } });
  const [back] = read.results;
  const told = back?.attributeStatus === 'Accepted' ? words.readBack(back.attributeValue ?? '') : (back?.attributeStatus ?? '');
  return { good: true, word: words.answered(status), detail: [reason, told].filter((part) => part !== '').join(', ') };
}
