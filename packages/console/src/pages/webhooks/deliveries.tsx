import { Button } from '@mantine/core';
import { Fragment, useState } from 'react';
import { api } from '../../api/client.ts';
import { Failed } from '../../design/failed.tsx';
import { More, usePages } from '../../design/pages.tsx';
import { dayAndTime, exactTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { nameOf, webhooksWords } from './webhooks-words.ts';

const TONES: Readonly<Record<string, string>> = { pending: 'warn', delivered: 'ok', dead: 'bad' };
const AGAIN_MS = 5_000;

/** What was sent to one webhook and what came back. */
export function Deliveries({ webhookId, url }: { webhookId: string; url: string }) {
  const words = useWords(webhooksWords);
  const [open, setOpen] = useState<string | undefined>();
  // No event of the stream tells of deliveries.
  const { rows, isPending, error, more } = usePages(
    ['deliveries', webhookId],
    (cursor) => api.page('/webhooks/:webhookId/deliveries', { params: { webhookId }, query: { ...cursor, limit: 50 } }),
    { refetchInterval: AGAIN_MS },
  );
  return (
    <section className="panel" aria-label={words.logOf(url)}>
      <div className="ph">
        <h2 style={{ overflowWrap: 'anywhere' }}>{words.logOf(url)}</h2>
      </div>
      <Failed error={error} />
      {!isPending && error === null && rows.length === 0 && <p className="pb dim">{words.noDeliveries}</p>}
      {rows.length > 0 && (
        <div className="scroll-x">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.at}</th>
                <th scope="col">{words.event}</th>
                <th scope="col">{words.result}</th>
                <th scope="col" className="r">
                  {words.attempts}
                </th>
                <td />
              </tr>
            </thead>
            <tbody>
              {rows.map((delivery) => (
                <Fragment key={delivery.deliveryId}>
                  <tr>
                    <td className="nw" title={exactTime(delivery.at)}>
                      {dayAndTime(delivery.at)}
                    </td>
                    <td className="nw">
                      {nameOf(words, delivery.type)} <span className="mono dim">{delivery.eventId}</span>
                    </td>
                    <td>
                      <span className={`tag ${TONES[delivery.state] ?? ''}`}>{words.deliveryState[delivery.state] ?? delivery.state}</span>{' '}
                      {delivery.status !== null && `HTTP ${delivery.status}`} {delivery.error}{' '}
                      {delivery.nextAt !== null && <span className="dim s">{words.next(dayAndTime(delivery.nextAt))}</span>}
                    </td>
                    <td className="r">{delivery.attempts}</td>
                    <td className="r">
                      <Button
                        aria-expanded={open === delivery.deliveryId}
                        onClick={() => setOpen(open === delivery.deliveryId ? undefined : delivery.deliveryId)}
                      >
                        {words.body}
                      </Button>
                    </td>
                  </tr>
                  {open === delivery.deliveryId && (
                    <tr>
                      <td colSpan={5}>
                        <pre className="secret">{JSON.stringify(delivery.body, null, 2)}</pre>
                      </td>
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <More more={more} inPanel />
    </section>
  );
}
