import type { Webhook } from '@busbar/api';
import { Button, Menu } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { Failed } from '../../design/failed.tsx';
import { type Secret, ShownOnce } from '../../design/shown-once.tsx';
import { useWords } from '../../words/language.ts';
import { SiteNames } from '../users/role-and-sites.tsx';
import { Deliveries } from './deliveries.tsx';
import { WebhookForm } from './webhook-form.tsx';
import { nameOf, webhooksWords } from './webhooks-words.ts';

type Hook = Static<typeof Webhook>;
type Open = { readonly kind: 'none' } | { readonly kind: 'form'; readonly before: Hook | undefined };

/** Who outside hears of what. */
export function WebhooksPage() {
  const words = useWords(webhooksWords);
  const may = useMay('admin');
  if (may) return <Webhooks />;
  return (
    <>
      <h1>{words.title}</h1>
      <div className="note">{words.needAdmin}</div>
    </>
  );
}

function Webhooks() {
  const words = useWords(webhooksWords);
  const client = useQueryClient();
  const { webhook: chosen } = useSearch({ from: '/webhooks' });
  const navigate = useNavigate({ from: '/webhooks' });
  const { data, error } = useQuery({ queryKey: ['webhooks'], queryFn: () => api.get('/webhooks') });
  const [open, setOpen] = useState<Open>({ kind: 'none' });
  const [question, ask] = useState<Question | undefined>();
  const [secret, setSecret] = useState<Secret | undefined>();
  const [said, say] = useState('');
  const again = (): Promise<void> => client.invalidateQueries({ queryKey: ['webhooks'] });
  const show = (value: string | undefined): void => {
    if (value !== undefined) setSecret({ title: words.secretTitle, text: words.secretText, value });
  };
  const log = (webhookId: string | undefined): void => void navigate({ search: { webhook: webhookId }, replace: true });
  const toggle = async ({ webhookId, active }: Hook): Promise<void> => {
    await api.patch('/webhooks/:webhookId', { params: { webhookId }, body: { active: !active } });
    await again();
  };
  const test = async ({ webhookId }: Hook): Promise<void> => {
    try {
      await api.post('/webhooks/:webhookId/test', { params: { webhookId } });
      say(words.testSent);
    } catch (failure) {
      say(failure instanceof Error ? failure.message : String(failure));
    }
    log(webhookId);
    await client.invalidateQueries({ queryKey: ['deliveries', webhookId] });
  };
  const newSecret = ({ webhookId, url }: Hook): Question => ({
    ...words.askSecret(url),
    danger: true,
    run: async () => show((await api.patch('/webhooks/:webhookId', { params: { webhookId }, body: { newSecret: true } })).secret),
  });
  const remove = ({ webhookId, url }: Hook): Question => ({
    ...words.askRemove(url),
    danger: true,
    run: async () => {
      await api.delete('/webhooks/:webhookId', { params: { webhookId } });
      if (chosen === webhookId) log(undefined);
      await again();
    },
  });
  const shown = data?.find(({ webhookId }) => webhookId === chosen);
  return (
    <>
      <div className="row between wrap">
        <h1>{words.title}</h1>
        <Button variant="filled" onClick={() => setOpen({ kind: 'form', before: undefined })}>
          {words.add}
        </Button>
      </div>
      <p className="dim">{words.what}</p>
      <Failed error={error} />
      {data?.length === 0 && <div className="panel pb dim">{words.empty}</div>}
      {data !== undefined && data.length > 0 && (
        <HookTable
          rows={data}
          chosen={chosen}
          log={log}
          items={(hook) => [
            [words.test, () => void test(hook)],
            [hook.active ? words.turnOff : words.turnOn, () => void toggle(hook)],
            [words.edit, () => setOpen({ kind: 'form', before: hook })],
            [words.newSecret, () => ask(newSecret(hook))],
            [words.remove, () => ask(remove(hook))],
          ]}
        />
      )}
      {said !== '' && (
        <div className="note info" role="status">
          {said}
        </div>
      )}
      {shown !== undefined && <Deliveries webhookId={shown.webhookId} url={shown.url} />}
      {open.kind === 'form' && <WebhookForm before={open.before} close={() => setOpen({ kind: 'none' })} made={show} />}
      <Ask question={question} close={() => ask(undefined)} />
      <ShownOnce secret={secret} close={() => setSecret(undefined)} />
    </>
  );
}

interface TableProps {
  readonly rows: readonly Hook[];
  readonly chosen: string | undefined;
  readonly log: (webhookId: string) => void;
  readonly items: (hook: Hook) => readonly (readonly [name: string, run: () => void])[];
}

function HookTable({ rows, chosen, log, items }: TableProps) {
  const words = useWords(webhooksWords);
  return (
    <section className="panel scroll-x" aria-label={words.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.url}</th>
            <th scope="col">{words.types}</th>
            <th scope="col">{words.sites}</th>
            <th scope="col">{words.note}</th>
            <th scope="col">{words.state}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((hook) => (
            <tr key={hook.webhookId} className={hook.webhookId === chosen ? 'sel' : undefined}>
              <td className="b" style={{ overflowWrap: 'anywhere' }}>
                {hook.url}
              </td>
              <td>{hook.types.map((type) => nameOf(words, type)).join(', ')}</td>
              <td>
                <SiteNames sites={hook.sites} />
              </td>
              <td>{hook.note}</td>
              <td>
                <span className={`tag ${hook.active ? 'ok' : ''}`}>{hook.active ? words.on : words.off}</span>
              </td>
              <td className="r nw">
                <Button onClick={() => log(hook.webhookId)}>{words.deliveries}</Button>{' '}
                <Menu position="bottom-end" withinPortal>
                  <Menu.Target>
                    <Button aria-label={words.actions(hook.url)}>…</Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    {items(hook).map(([name, run]) => (
                      <Menu.Item key={name} onClick={run}>
                        {name}
                      </Menu.Item>
                    ))}
                  </Menu.Dropdown>
                </Menu>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
