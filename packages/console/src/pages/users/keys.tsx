import type { ApiKey, Role } from '@busbar/api';
import { Button, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { Failed } from '../../design/failed.tsx';
import { FormDialog } from '../../design/form-dialog.tsx';
import { type Secret, ShownOnce } from '../../design/shown-once.tsx';
import { dayAndTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { useNow } from '../../words/now.ts';
import { RoleAndSites, SiteNames } from './role-and-sites.tsx';
import { usersWords } from './users-words.ts';

type Key = Static<typeof ApiKey>;

export function Keys() {
  const words = useWords(usersWords);
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: ['keys'], queryFn: () => api.get('/keys') });
  const [making, setMaking] = useState(false);
  const [question, ask] = useState<Question | undefined>();
  const [secret, show] = useState<Secret | undefined>();
  const revoke = ({ keyId, name }: Key): Question => ({
    ...words.askRevoke(name),
    danger: true,
    run: async () => {
      await api.delete('/keys/:keyId', { params: { keyId } });
      await client.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  return (
    <section className="panel" aria-label={words.keys}>
      <div className="ph">
        <h2>{words.keys}</h2>
        <Button onClick={() => setMaking(true)}>{words.addKey}</Button>
      </div>
      <Failed error={error} />
      {data?.length === 0 && <p className="pb dim">{words.noKeys}</p>}
      {data !== undefined && data.length > 0 && (
        <div className="scroll-x">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.name}</th>
                <th scope="col">{words.role}</th>
                <th scope="col">{words.sites}</th>
                <th scope="col">{words.createdBy}</th>
                <th scope="col">{words.lastUsed}</th>
                <th scope="col">{words.expires}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {data.map((key) => (
                <tr key={key.keyId}>
                  <td className="b">{key.name}</td>
                  <td>{key.role}</td>
                  <td>
                    <SiteNames sites={key.sites} />
                  </td>
                  <td>
                    {key.createdBy} <span className="dim nw">{dayAndTime(key.createdAt)}</span>
                  </td>
                  <td className="nw">
                    {key.lastUsedAt === null ? <span className="dim">{words.never}</span> : dayAndTime(key.lastUsedAt)}
                  </td>
                  <td className="nw">
                    <Ends at={key.expiresAt} />
                  </td>
                  <td className="r nw">
                    {key.revoked ? (
                      <span className="tag bad">{words.revoked}</span>
                    ) : (
                      <Button onClick={() => ask(revoke(key))} aria-label={`${words.revoke} ${key.name}`}>
                        {words.revoke}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {making && <KeyForm close={() => setMaking(false)} made={show} />}
      <Ask question={question} close={() => ask(undefined)} />
      <ShownOnce secret={secret} close={() => show(undefined)} />
    </section>
  );
}

function Ends({ at }: { at: string | null }) {
  const words = useWords(usersWords);
  const now = useNow();
  if (at === null) return <span className="dim">{words.neverEnds}</span>;
  return (
    <>
      {dayAndTime(at)} {Date.parse(at) < now && <span className="tag bad">{words.over}</span>}
    </>
  );
}

function KeyForm({ close, made }: { close: () => void; made: (secret: Secret) => void }) {
  const words = useWords(usersWords);
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [sites, setSites] = useState<readonly number[] | null>(null);
  const [expires, setExpires] = useState('');
  const submit = async (): Promise<void> => {
    const { key } = await api.post('/keys', {
      body: {
        name,
        role,
        sites: sites === null ? null : [...sites],
        ...(expires === '' ? {} : { expiresAt: new Date(expires).toISOString() }),
      },
    });
    made({ title: words.keyTitle(name), text: words.keyText, value: key });
    await client.invalidateQueries({ queryKey: ['keys'] });
  };
  return (
    <FormDialog
      opened
      title={words.addKey}
      close={close}
      button={words.makeKey}
      disabled={name === '' || sites?.length === 0}
      submit={submit}
    >
      <TextInput label={words.name} required maxLength={64} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <RoleAndSites
        role={role}
        sites={sites}
        change={(next) => {
          if (next.role !== undefined) setRole(next.role);
          if (next.sites !== undefined) setSites(next.sites);
        }}
      />
      <TextInput
        type="datetime-local"
        label={words.expires}
        description={words.expiresHint}
        value={expires}
        onChange={(event) => setExpires(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
