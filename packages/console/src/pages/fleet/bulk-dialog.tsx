import type { BulkAction } from '@busbar/api';
import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { FormDialog } from '../../design/form-dialog.tsx';
import { fleet } from '../../live/fleet-store.ts';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { fleetBulkWords } from './fleet-bulk-words.ts';

export type BulkKind = 'reset' | 'availability' | 'setVariables';

interface Props {
  readonly kind: BulkKind;
  readonly ids: readonly string[];
  readonly close: () => void;
  readonly started: (bulkId: string) => void;
}

/** Asks what exactly, names object and effect in its button, and leaves the rest to the server. */
export function BulkDialog({ kind, ids, close, started }: Props) {
  const words = useWords(fleetBulkWords);
  const [type, setType] = useState<'OnIdle' | 'Immediate'>('OnIdle');
  const [status, setStatus] = useState<'Operative' | 'Inoperative'>('Inoperative');
  const [variable, setVariable] = useState<VariableInput>({ component: '', variable: '', evse: undefined, value: '' });
  const [offline, setOffline] = useState<'refuse' | 'queue'>('refuse');
  const n = count(ids.length);
  const sessions = ids.reduce(
    (sum, id) => sum + (fleet.row(id)?.connectors.filter(({ transactionId }) => transactionId !== null).length ?? 0),
    0,
  );
  const button =
    kind === 'reset'
      ? type === 'OnIdle'
        ? words.button.OnIdle(n)
        : words.button.Immediate(n, sessions)
      : kind === 'availability'
        ? words.button[status](n)
        : words.button.setVariables(n);
  const start = async (): Promise<void> => {
    const action = actionOf(kind, type, status, variable);
    const { bulkId } = await api.post('/bulk', {
      body: { stations: [...ids], action, offline, ...(offline === 'queue' ? { expires: DAY_S } : {}) },
    });
    started(bulkId);
  };
  const ready = kind !== 'setVariables' || (variable.component.trim() !== '' && variable.variable.trim() !== '');
  return (
    <FormDialog
      opened
      title={words.title[kind](n)}
      close={close}
      button={button}
      disabled={!ready}
      danger={(kind === 'reset' && type === 'Immediate') || (kind === 'availability' && status === 'Inoperative')}
      submit={start}
    >
      {kind === 'reset' && (
        <>
          <NativeSelect
            label={words.when}
            value={type}
            data={(['OnIdle', 'Immediate'] as const).map((value) => ({ value, label: words.resetType[value] }))}
            onChange={(event) => setType(event.currentTarget.value === 'Immediate' ? 'Immediate' : 'OnIdle')}
          />
          {type === 'Immediate' && <p>{words.sessionsEnd(sessions)}</p>}
        </>
      )}
      {kind === 'availability' && (
        <NativeSelect
          label={words.status}
          value={status}
          data={(['Inoperative', 'Operative'] as const).map((value) => ({ value, label: words.operational[value] }))}
          onChange={(event) => setStatus(event.currentTarget.value === 'Operative' ? 'Operative' : 'Inoperative')}
        />
      )}
      {kind === 'setVariables' && <VariableFields value={variable} change={setVariable} />}
      <NativeSelect
        label={words.ifOffline}
        value={offline}
        data={(['refuse', 'queue'] as const).map((value) => ({ value, label: words.offline[value] }))}
        onChange={(event) => setOffline(event.currentTarget.value === 'queue' ? 'queue' : 'refuse')}
      />
    </FormDialog>
  );
}

const DAY_S = 86_400;

interface VariableInput {
  readonly component: string;
  readonly variable: string;
  readonly evse: number | undefined;
  readonly value: string;
}

function VariableFields({ value, change }: { value: VariableInput; change: (next: VariableInput) => void }) {
  const words = useWords(fleetBulkWords);
  return (
    <>
      <TextInput
        label={words.component}
        placeholder="OCPPCommCtrlr"
        maxLength={50}
        value={value.component}
        onChange={(event) => change({ ...value, component: event.currentTarget.value })}
      />
      <TextInput
        label={words.variable}
        placeholder="OfflineThreshold"
        maxLength={50}
        value={value.variable}
        onChange={(event) => change({ ...value, variable: event.currentTarget.value })}
      />
      <NumberInput
        label={words.evse}
        min={0}
        allowDecimal={false}
        hideControls
        value={value.evse ?? ''}
        onChange={(evse) => change({ ...value, evse: typeof evse === 'number' ? evse : undefined })}
      />
      <TextInput
        label={words.value}
        maxLength={2500}
        value={value.value}
        onChange={(event) => change({ ...value, value: event.currentTarget.value })}
      />
    </>
  );
}

function actionOf(
  kind: BulkKind,
  type: 'OnIdle' | 'Immediate',
  operationalStatus: 'Operative' | 'Inoperative',
  { component, variable, evse, value }: VariableInput,
): Static<typeof BulkAction> {
  switch (kind) {
    case 'reset':
      return { kind, type };
    case 'availability':
      return { kind, operationalStatus };
    case 'setVariables':
      return {
        kind,
        variables: [
          {
            component: { name: component.trim(), ...(evse === undefined ? {} : { evse: { id: evse } }) },
            variable: { name: variable.trim() },
            attributeValue: value,
          },
        ],
      };
  }
}
