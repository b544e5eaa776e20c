import type { FormDescriptor } from '@busbar/api';
import { Checkbox, CloseButton, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { pointerOf } from '../../design/json-text.ts';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { fromLocal, toLocal } from './date-time.ts';
import { beginning, beginningOfEntry, type FormPart, fieldAt, type LeafPart, type ListPart, type ObjectPart } from './form-model.ts';
import { sendWords } from './send-words.ts';

type Path = readonly (string | number)[];

export interface FormHands {
  readonly form: FormDescriptor;
  readonly set: (path: Path, value: unknown) => void;
  /** An optional field joins the form, with what it begins with. */
  readonly add: (path: Path, value: unknown) => void;
  readonly remove: (path: Path, pointer: string) => void;
  readonly focus: (pointer: string) => void;
  readonly marked: string | undefined;
  /** What is wrong, by pointer, in words. */
  readonly faults: ReadonlyMap<string, string>;
}

/** Fields of an object: values side by side, objects and lists below each other, and what can be added. */
export function ObjectFields({ part, hands }: { part: ObjectPart; hands: FormHands }) {
  const words = useWords(sendWords);
  const leaves = part.parts.filter((one) => one.kind === 'leaf');
  const nested = part.parts.filter((one) => one.kind !== 'leaf');
  return (
    <div className="fields">
      {leaves.length > 0 && (
        <div className="leaves">
          {leaves.map((leaf) => (
            <LeafField key={leaf.pointer} part={leaf} hands={hands} label={leaf.name} />
          ))}
        </div>
      )}
      {nested.map((one) => (
        <Nested key={one.pointer} part={one} hands={hands} />
      ))}
      {part.strange.map(({ name }) => (
        <div key={name} className="s row" style={{ color: 'var(--faulted)' }}>
          {words.strange(name)}
          <button type="button" className="link s" onClick={() => hands.remove([...part.path, name], part.pointer + pointerOf([name]))}>
            {words.remove(name)}
          </button>
        </div>
      ))}
      {part.addable.length > 0 && (
        <div className="row wrap adds">
          {part.addable.map((name) => (
            <button
              key={name}
              type="button"
              className="link s"
              onClick={() => {
                const path = [...part.path, name];
                const field = fieldAt(hands.form, path);
                hands.add(path, field === undefined ? undefined : beginning(field.node, hands.form));
              }}
            >
              {words.add(name)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function Nested({ part, hands }: { part: Exclude<FormPart, LeafPart>; hands: FormHands }) {
  const words = useWords(sendWords);
  const fault = hands.faults.get(part.pointer);
  return (
    <fieldset className={part.pointer === hands.marked ? 'nested on' : 'nested'} onFocus={() => hands.focus(part.pointer)}>
      <legend>
        {part.name}{' '}
        {part.kind === 'list' && (
          <span className="dim">{words.entries(part.parts.length, part.most === undefined ? '' : count(part.most))}</span>
        )}
        {!part.required && <Remove name={part.name} run={() => hands.remove(part.path, part.pointer)} />}
      </legend>
      {part.kind === 'object' ? <ObjectFields part={part} hands={hands} /> : <Entries part={part} hands={hands} />}
      {fault !== undefined && <p className="fault s">{fault}</p>}
    </fieldset>
  );
}

const Remove = ({ name, run }: { name: string; run: () => void }) => {
  const words = useWords(sendWords);
  return (
    <CloseButton size="xs" aria-label={words.remove(name)} onClick={run} style={{ display: 'inline-flex', verticalAlign: 'middle' }} />
  );
};

function Entries({ part, hands }: { part: ListPart; hands: FormHands }) {
  const words = useWords(sendWords);
  const full = part.most !== undefined && part.parts.length >= part.most;
  return (
    <>
      {part.parts.map((entry) => (
        <div key={entry.pointer} className="entry">
          <div className="grow">
            {entry.kind === 'leaf' ? (
              <LeafField part={entry} hands={hands} label={`${part.name} ${entry.name}`} />
            ) : entry.kind === 'object' ? (
              <fieldset className={entry.pointer === hands.marked ? 'plainset on' : 'plainset'} aria-label={`${part.name} ${entry.name}`}>
                <ObjectFields part={entry} hands={hands} />
              </fieldset>
            ) : (
              <Nested part={entry} hands={hands} />
            )}
          </div>
          {part.parts.length > part.least && (
            <Remove name={`${part.name} ${entry.name}`} run={() => hands.remove(entry.path, entry.pointer)} />
          )}
        </div>
      ))}
      <button
        type="button"
        className="link s"
        disabled={full}
        onClick={() => hands.set([...part.path], [...part.parts.map(valueOf), beginningOfEntry(part.items, hands.form)])}
      >
        {words.addEntry(part.name)}
      </button>
    </>
  );
}

/** As it stands, with what is not filled yet. */
function valueOf(part: FormPart): unknown {
  if (part.kind === 'leaf') return part.value;
  if (part.kind === 'list') return part.parts.map(valueOf);
  return Object.fromEntries([
    ...part.parts.map((inner) => [inner.name, valueOf(inner)] as const).filter(([, value]) => value !== undefined),
    ...part.strange.map(({ name, value }) => [name, value] as const),
  ]);
}

function LeafField({ part, hands, label }: { part: LeafPart; hands: FormHands; label: string }) {
  const words = useWords(sendWords);
  const { node, value, pointer, path, required } = part;
  const inList = typeof path.at(-1) === 'number';
  // Empty is not sent where the field is optional; an entry of a list stays one.
  const set = (next: unknown): void => hands.set(path, next === undefined && inList ? null : next);
  const common = {
    label,
    description: hintOf(part, words),
    error: hands.faults.get(pointer),
    onFocus: () => hands.focus(pointer),
  } as const;
  const input = inputOf(part, common, set);
  return (
    <div className={`leaf${pointer === hands.marked ? ' on' : ''}${required || inList ? '' : ' may-go'}`}>
      {input}
      {!required && !inList && (
        <span className="leaf-remove">
          <Remove name={label} run={() => hands.remove(path, pointer)} />
        </span>
      )}
      {value === null && !inList && <span className="s dim">null</span>}
      {node.kind === 'any' && <span className="s dim">{words.anyJson}</span>}
    </div>
  );
}

function hintOf({ node, unit }: LeafPart, words: (typeof sendWords)['en']): string | undefined {
  const bounds =
    node.kind === 'integer' || node.kind === 'number'
      ? words.range(node.minimum, node.maximum)
      : node.kind === 'string'
        ? node.format === 'date-time'
          ? words.localTime
          : node.maxLength === undefined
            ? ''
            : words.atMost(node.maxLength)
        : '';
  const hint = [bounds, isShort(unit) ? '' : unit].filter(Boolean).join(', ');
  return hint === '' ? undefined : hint;
}

/** A unit that fits into the field; others stand above it. */
const isShort = (unit: string | undefined): unit is string => unit !== undefined && unit.length <= 4;

interface Common {
  readonly label: string;
  readonly description: string | undefined;
  readonly error: string | undefined;
  readonly onFocus: () => void;
}

function inputOf({ node, value, unit, required, path }: LeafPart, common: Common, set: (next: unknown) => void) {
  switch (node.kind) {
    case 'enum':
      return (
        <Select
          {...common}
          searchable
          limit={200}
          data={[...node.values]}
          value={typeof value === 'string' ? value : null}
          clearable={!required && typeof path.at(-1) !== 'number'}
          onChange={(next) => set(next ?? undefined)}
        />
      );
    case 'boolean':
      return (
        <Checkbox
          label={common.label}
          error={common.error}
          onFocus={common.onFocus}
          checked={value === true}
          indeterminate={value === undefined}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      );
    case 'integer':
    case 'number':
      return (
        <NumberInput
          {...common}
          hideControls
          allowDecimal={node.kind === 'number'}
          value={typeof value === 'number' ? value : ''}
          rightSection={isShort(unit) ? <span className="s dim">{unit}</span> : undefined}
          rightSectionWidth={isShort(unit) ? 12 + unit.length * 8 : 0}
          rightSectionPointerEvents="none"
          onChange={(next) =>
            set(typeof next === 'number' ? next : next === '' ? undefined : Number.isFinite(Number(next)) ? Number(next) : next)
          }
        />
      );
    case 'any':
      return <AnyField common={common} value={value} set={set} />;
    case 'string': {
      if (node.format === 'date-time') return <TimeField common={common} value={value} set={set} />;
      const text = typeof value === 'string' ? value : '';
      const keepsEmpty = required;
      const change = (next: string): void => set(next === '' && !keepsEmpty ? undefined : next);
      const long = (node.maxLength ?? 0) > LONG;
      return long ? (
        <Textarea {...common} autosize minRows={1} maxRows={8} value={text} onChange={(event) => change(event.currentTarget.value)} />
      ) : (
        <TextInput {...common} value={text} onChange={(event) => change(event.currentTarget.value)} />
      );
    }
  }
}

/** Longer texts (certificates, lists of values) have lines. */
const LONG = 600;

interface OwnField {
  readonly common: Common;
  readonly value: unknown;
  readonly set: (next: unknown) => void;
}

/** Picked in the time of this browser and sent in UTC; what is no time yet is shown as it stands. */
function TimeField({ common, value, set }: OwnField) {
  const local = typeof value === 'string' ? toLocal(value) : undefined;
  if (typeof value === 'string' && value !== '' && local === undefined)
    return (
      <TextInput
        {...common}
        value={value}
        onChange={(event) => set(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...common}
      type="datetime-local"
      step={1}
      value={local ?? ''}
      onChange={(event) => set(fromLocal(event.currentTarget.value))}
    />
  );
}

function AnyField({ common, value, set }: OwnField) {
  const [text, setText] = useState<string | undefined>();
  return (
    <Textarea
      {...common}
      autosize
      minRows={1}
      maxRows={8}
      className="mono-input"
      value={text ?? (value === undefined ? '' : JSON.stringify(value))}
      onBlur={() => setText(undefined)}
      onChange={({ currentTarget: { value: typed } }) => {
        setText(typed);
        try {
          set(typed.trim() === '' ? undefined : JSON.parse(typed));
        } catch {
          set(typed); // a text until it is JSON
        }
      }}
    />
  );
}
