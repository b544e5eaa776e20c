import type { FormDescriptor } from '@busbar/api';
import { Button, Select, Textarea } from '@mantine/core';
import { useId, useRef, useState } from 'react';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { Copy } from '../../design/copy.tsx';
import { useWords } from '../../words/language.ts';
import { type Draft, draftOf, readJson, textOf, typed } from '../send/draft.ts';
import { ObjectFields } from '../send/form-fields.tsx';
import { formModel } from '../send/form-model.ts';
import { handsOf } from '../send/hands.ts';
import { JsonEditor } from '../send/json-editor.tsx';
import { AnswerPanel } from './answer-panel.tsx';
import { apiDocsWords } from './api-docs-words.ts';
import { isDestructive, type Operation } from './operations.ts';
import { addressOf, curlOf, missingOf } from './request.ts';
import { type Components, formOf, formOfParameters } from './schema-form.ts';
import { type Answer, sendRequest } from './send-request.ts';

interface Props {
  readonly operation: Operation;
  readonly components: Components;
}

/** What is sent, in whichever way it was written. */
interface Body {
  readonly draft: Draft;
  readonly raw: string;
  readonly file: File | undefined;
  readonly type: string;
}

const BYTES = 'application/octet-stream';

/** One route: its form, the same as curl, and the answer. */
export function TryOut({ operation, components }: Props) {
  const words = useWords(apiDocsWords);
  const { method, path, summary, role, parameters, body } = operation;
  const may = useMay(role === 'anyone' ? 'viewer' : role) || role === 'anyone';
  const query = formOfParameters(parameters, components);
  const form = formOf(body?.schema, components);
  const [values, setValues] = useState<Draft>(() => draftOf(query, {}));
  const [content, setContent] = useState<Body>(() => ({
    draft: draftOf(form ?? { fields: [], definitions: {} }, undefined),
    raw: '',
    file: undefined,
    type: body?.types[0] ?? '',
  }));
  const [answer, setAnswer] = useState<Answer | undefined>();
  const [problem, setProblem] = useState('');
  const [question, setQuestion] = useState<Question | undefined>();
  const running = useRef<AbortController>(undefined);
  const [busy, setBusy] = useState(false);

  const isBytes = content.type === BYTES;
  const text = form === undefined ? content.raw : textOf(content.draft);
  const missing = missingOf(operation, values.value);
  const fault = faultOf(operation, content, text, words);
  const address = addressOf(operation, values.value);
  const sent = body === undefined ? undefined : isBytes ? content.file : text;
  const curl = curlOf({
    origin: window.location.origin,
    method,
    address,
    role,
    type: body === undefined ? undefined : content.type,
    body: body === undefined ? undefined : isBytes ? { file: content.file?.name ?? 'FILE' } : { text: compact(text) },
  });
  const run = async (): Promise<void> => {
    const control = new AbortController();
    running.current = control;
    setBusy(true);
    setProblem('');
    setAnswer(undefined);
    try {
      const type = body === undefined ? undefined : content.type;
      setAnswer(await sendRequest({ method, address, type, body: sent }, control.signal, setAnswer));
    } catch (error) {
      if (!control.signal.aborted) setProblem(words.unreachable(error instanceof Error ? error.message : String(error)));
    } finally {
      setBusy(false);
    }
  };
  const press = (): void => {
    if (isDestructive(operation)) setQuestion({ ...words.ask(method, address), danger: true, run });
    else void run();
  };

  return (
    <div className="stack">
      <section className="panel" aria-label={`${method} ${path}`}>
        <div className="ph wrap">
          <h2 className="mono wrap-any">
            <span className="tag">{method}</span> {path}
          </h2>
          <span className="s dim">{words.role(role)}</span>
        </div>
        <div className="pb stack">
          <p>{summary}.</p>
          {parameters.length === 0 && body === undefined && <p className="dim">{words.nothing}</p>}
          {parameters.length > 0 && (
            <fieldset className="plainset">
              <legend>{words.parameters}</legend>
              <Fields form={query} draft={values} change={(next) => setValues(next)} />
              <Descriptions operation={operation} />
            </fieldset>
          )}
          {body !== undefined && (
            <BodyFields form={form} content={content} types={body.types} change={(next) => setContent((before) => next(before))} />
          )}
          {(missing.length > 0 || fault !== '') && (
            <p className="s" role="status" style={{ color: 'var(--warn)' }}>
              {missing.length > 0 ? words.missing(missing.join(', ')) : fault}
            </p>
          )}
          <div className="row wrap">
            <Button variant="filled" disabled={!may || missing.length > 0 || fault !== ''} loading={busy} onClick={press}>
              {words.tryIt}
            </Button>
            {busy && <Button onClick={() => running.current?.abort()}>{words.stop}</Button>}
            {!may && <span className="s dim">{words.role(role)}</span>}
          </div>
        </div>
      </section>
      <AnswerPanel answer={answer} problem={problem} busy={busy} />
      <section className="panel" aria-label={words.curl}>
        <div className="ph wrap">
          <h2>{words.curl}</h2>
          <Copy text={curl} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys */}
        <pre className="pb mono api-text" tabIndex={0} aria-label={words.curl}>
          {curl}
        </pre>
        <p className="pb s dim">{words.key}</p>
      </section>
      <Ask question={question} close={() => setQuestion(undefined)} />
    </div>
  );
}

/** What the contract says of its parameters. */
function Descriptions({ operation: { parameters } }: { operation: Operation }) {
  const described = parameters.filter(({ description }) => description !== undefined);
  if (described.length === 0) return null;
  return (
    <ul className="bare s dim" style={{ marginTop: 10 }}>
      {described.map(({ name, description }) => (
        <li key={name} className="wrap-any">
          <code>{name}</code>: {description}
        </li>
      ))}
    </ul>
  );
}

interface FieldsProps {
  readonly form: FormDescriptor;
  readonly draft: Draft;
  readonly change: (next: (draft: Draft) => Draft) => void;
}

function Fields({ form, draft, change }: FieldsProps) {
  const [marked, mark] = useState<string | undefined>();
  const hands = handsOf(form, change, mark);
  return <ObjectFields part={formModel(form, draft.value, draft.added)} hands={{ ...hands, marked, faults: new Map() }} />;
}

interface BodyProps {
  readonly form: FormDescriptor | undefined;
  readonly content: Body;
  readonly types: readonly string[];
  readonly change: (next: (body: Body) => Body) => void;
}

function BodyFields({ form, content, types, change }: BodyProps) {
  const words = useWords(apiDocsWords);
  const fileId = useId();
  const toDraft = (next: (draft: Draft) => Draft): void => change((before) => ({ ...before, draft: next(before.draft) }));
  return (
    <fieldset className="plainset">
      <legend>{words.body}</legend>
      {types.length > 1 && (
        <Select
          label={words.type}
          data={[...types]}
          value={content.type}
          allowDeselect={false}
          onChange={(type) => change((before) => ({ ...before, type: type ?? before.type }))}
        />
      )}
      {content.type === BYTES ? (
        <div>
          <label htmlFor={fileId}>{words.file}</label>{' '}
          <input
            id={fileId}
            type="file"
            onChange={({ currentTarget: { files } }) => change((before) => ({ ...before, file: files?.[0] }))}
          />
        </div>
      ) : form === undefined ? (
        <Textarea
          label={words.textLabel}
          autosize
          minRows={4}
          maxRows={20}
          className="mono-input"
          value={content.raw}
          onChange={({ currentTarget: { value } }) => change((before) => ({ ...before, raw: value }))}
        />
      ) : (
        <div className="compose">
          <Fields form={form} draft={content.draft} change={toDraft} />
          <JsonEditor
            label={words.bodyLabel}
            text={textOf(content.draft)}
            marked={undefined}
            change={(text) => toDraft((draft) => typed(draft, text))}
            caret={() => undefined}
          />
        </div>
      )}
    </fieldset>
  );
}

/** Why what was written cannot be sent; the schema itself is the server's to judge, in its own words. */
function faultOf({ body }: Operation, { type, file }: Body, text: string, words: (typeof apiDocsWords)['en']): string {
  if (body === undefined) return '';
  if (type === BYTES) return file === undefined ? words.noFile : '';
  if (type !== 'application/json') return '';
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return words.notJson(error instanceof Error ? error.message : String(error));
  }
}

/** On one line, where it is JSON. */
function compact(text: string): string {
  const read = readJson(text);
  return typeof read === 'object' && 'value' in read ? JSON.stringify(read.value) : text;
}
