import type { InvalidEvent } from '@busbar/api';
import { Button, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { FormDialog } from '../../design/form-dialog.tsx';
import { useWords } from '../../words/language.ts';
import { messagesWords } from './messages-words.ts';
import { type Pair, payloadOf, valueAt } from './pairs.ts';

type Invalid = Static<typeof InvalidEvent>;

/** The stored event behind a refused frame: the same text, or the same place in the same transaction. */
export function eventOf(events: readonly Invalid[], pair: Pair): Invalid | undefined {
  const payload = payloadOf(pair);
  const transactionId = valueAt(payload, '/transactionInfo/transactionId');
  const seqNo = valueAt(payload, '/seqNo');
  return (
    events.find(({ text }) => text === pair.call) ??
    (typeof transactionId === 'string' && typeof seqNo === 'number'
      ? events.find((event) => event.transactionId === transactionId && event.seqNo === seqNo)
      : undefined)
  );
}

/** What can be done with a TransactionEvent that was refused and kept. */
export function InvalidEventActions({ pair }: { pair: Pair }) {
  const words = useWords(messagesWords);
  const may = useMay('operator');
  const client = useQueryClient();
  const stationId = pair.stationId ?? '';
  const [repairing, setRepairing] = useState(false);
  const [question, ask] = useState<Question | undefined>();
  const queryKey = ['invalid-events', stationId];
  const { data } = useQuery({
    queryKey,
    queryFn: () => api.get('/stations/:stationId/invalid-events', { params: { stationId } }),
    enabled: stationId !== '',
  });
  const event = eventOf(data ?? [], pair);
  if (event === undefined) return null;
  if (event.state !== 'open')
    return (
      <span className="s dim">
        {event.state === 'repaired' ? words.repaired : words.discarded}: {event.reason} ({event.actor})
      </span>
    );
  const again = (): Promise<void> => client.invalidateQueries({ queryKey });
  const seqNo = String(event.seqNo ?? '');
  return (
    <>
      <p className="s dim" style={{ flexBasis: '100%', order: 3 }}>
        {words.kept}
      </p>
      <div className="row">
        <Button variant="filled" disabled={!may} onClick={() => setRepairing(true)}>
          {words.repair}
        </Button>
        <Button
          disabled={!may}
          onClick={() =>
            ask({
              title: words.discardTitle(seqNo),
              text: words.discardText,
              button: words.discardButton,
              danger: true,
              reason: true,
              run: async (reason) => {
                await api.post('/stations/:stationId/invalid-events/:n/discard', { params: { stationId, n: event.n }, body: { reason } });
                await again();
              },
            })
          }
        >
          {words.discard}
        </Button>
      </div>
      <Ask question={question} close={() => ask(undefined)} />
      {repairing && (
        <Repair
          seqNo={seqNo}
          payload={payloadOf(pair)}
          close={() => setRepairing(false)}
          store={async (body, reason) => {
            await api.post('/stations/:stationId/invalid-events/:n/repair', { params: { stationId, n: event.n }, body: { body, reason } });
            await again();
          }}
        />
      )}
    </>
  );
}

interface RepairProps {
  readonly seqNo: string;
  readonly payload: unknown;
  readonly close: () => void;
  readonly store: (body: Record<string, unknown>, reason: string) => Promise<void>;
}

const bodyOf = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined; // said beside the field
  }
};

function Repair({ seqNo, payload, close, store }: RepairProps) {
  const words = useWords(messagesWords);
  const [text, setText] = useState(() => JSON.stringify(payload, null, 2));
  const [reason, setReason] = useState('');
  const body = bodyOf(text);
  return (
    <FormDialog
      opened
      size="lg"
      title={words.repairTitle(seqNo)}
      close={close}
      button={words.repair}
      disabled={body === undefined || reason.trim() === ''}
      submit={async () => body && store(body, reason)}
    >
      <p>{words.repairText}</p>
      <Textarea
        label={words.body}
        autosize
        minRows={8}
        maxRows={20}
        className="mono-input"
        value={text}
        error={body === undefined ? words.notJson : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Textarea
        label={words.reason}
        description={words.reasonWhy}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
