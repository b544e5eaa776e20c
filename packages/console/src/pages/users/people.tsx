import type { Role, SignIn, User } from '@busbar/api';
import { Button, Menu, Modal, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Static } from 'typebox';
import { api } from '../../api/client.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { Failed } from '../../design/failed.tsx';
import { FormDialog } from '../../design/form-dialog.tsx';
import { type Secret, ShownOnce } from '../../design/shown-once.tsx';
import { dayAndTime, exactTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { RoleAndSites, SiteNames } from './role-and-sites.tsx';
import { usersWords } from './users-words.ts';

type Person = Static<typeof User>;
type Open =
  | { readonly kind: 'none' }
  | { readonly kind: 'form'; readonly before: Person | undefined }
  | { readonly kind: 'signIns'; readonly of: Person };

export function People() {
  const words = useWords(usersWords);
  const client = useQueryClient();
  const { data = [], error } = useQuery({ queryKey: ['users'], queryFn: () => api.get('/users') });
  const [open, setOpen] = useState<Open>({ kind: 'none' });
  const [question, ask] = useState<Question | undefined>();
  const [secret, show] = useState<Secret | undefined>();
  const close = (): void => setOpen({ kind: 'none' });
  const again = (): Promise<void> => client.invalidateQueries({ queryKey: ['users'] });
  const reset = ({ userId, name }: Person): Question => ({
    ...words.askReset(name),
    danger: true,
    run: async () => {
      const { password } = await api.post('/users/:userId/password', { params: { userId } });
      show({ title: words.madeTitle(name), text: words.madeText, value: password });
    },
  });
  const shutOut = ({ userId, name }: Person): Question => ({
    ...words.askOut(name),
    danger: true,
    reason: true,
    run: async (reason) => {
      await api.patch('/users/:userId', { params: { userId }, body: { disabled: true, reason } });
      await again();
    },
  });
  const remove = ({ userId, name }: Person): Question => ({
    ...words.askRemove(name),
    danger: true,
    run: async () => {
      await api.delete('/users/:userId', { params: { userId } });
      await again();
    },
  });
  const letIn = async ({ userId }: Person): Promise<void> => {
    await api.patch('/users/:userId', { params: { userId }, body: { disabled: false } });
    await again();
  };
  return (
    <section className="panel" aria-label={words.people}>
      <div className="ph">
        <h2>{words.people}</h2>
        <Button variant="filled" onClick={() => setOpen({ kind: 'form', before: undefined })}>
          {words.addPerson}
        </Button>
      </div>
      <Failed error={error} />
      <PeopleTable
        rows={data}
        items={(person) => [
          [words.edit, () => setOpen({ kind: 'form', before: person })],
          [words.signIns, () => setOpen({ kind: 'signIns', of: person })],
          [words.resetPassword, () => ask(reset(person))],
          person.disabled ? [words.letIn, () => void letIn(person)] : [words.shutOut, () => ask(shutOut(person))],
          [words.remove, () => ask(remove(person))],
        ]}
      />
      {open.kind === 'form' && <PersonForm before={open.before} close={close} made={show} />}
      {open.kind === 'signIns' && <SignInsOf person={open.of} close={close} />}
      <Ask question={question} close={() => ask(undefined)} />
      <ShownOnce secret={secret} close={() => show(undefined)} />
    </section>
  );
}

interface TableProps {
  readonly rows: readonly Person[];
  readonly items: (person: Person) => readonly (readonly [name: string, run: () => void])[];
}

function PeopleTable({ rows, items }: TableProps) {
  const words = useWords(usersWords);
  return (
    <div className="scroll-x">
      <table>
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.shownName}</th>
            <th scope="col">{words.role}</th>
            <th scope="col">{words.sites}</th>
            <th scope="col">{words.signedIn}</th>
            <th scope="col">{words.state}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((person) => (
            <tr key={person.userId}>
              <td className="b">{person.name}</td>
              <td>{person.shownName}</td>
              <td>{person.role}</td>
              <td>
                <SiteNames sites={person.sites} />
              </td>
              <td className="nw" title={person.signedInAt === null ? '' : exactTime(person.signedInAt)}>
                {person.signedInAt === null ? <span className="dim">{words.never}</span> : dayAndTime(person.signedInAt)}
              </td>
              <td className="nw">
                <span className={`tag ${person.disabled ? 'bad' : 'ok'}`}>{person.disabled ? words.disabled : words.active}</span>{' '}
                {person.oidc && <span className="tag">{words.oidc}</span>}
              </td>
              <td className="r">
                <Menu position="bottom-end" withinPortal>
                  <Menu.Target>
                    <Button aria-label={words.actions(person.name)}>…</Button>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item renderRoot={(props) => <Link to="/audit" search={{ actor: `person:${person.name}` }} {...props} />}>
                      {words.audit}
                    </Menu.Item>
                    {items(person).map(([name, run]) => (
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
    </div>
  );
}

function PersonForm({ before, close, made }: { before: Person | undefined; close: () => void; made: (secret: Secret) => void }) {
  const words = useWords(usersWords);
  const client = useQueryClient();
  const [name, setName] = useState(before?.name ?? '');
  const [shownName, setShownName] = useState(before?.shownName ?? '');
  const [role, setRole] = useState<Role>(before?.role ?? 'viewer');
  const [sites, setSites] = useState<readonly number[] | null>(before?.sites ?? null);
  const submit = async (): Promise<void> => {
    const own = { role, sites: sites === null ? null : [...sites], ...(shownName.trim() === '' ? {} : { shownName: shownName.trim() }) };
    if (before === undefined) {
      const { madePassword } = await api.post('/users', { body: { name, ...own } });
      if (madePassword !== undefined) made({ title: words.madeTitle(name), text: words.madeText, value: madePassword });
    } else await api.patch('/users/:userId', { params: { userId: before.userId }, body: own });
    await client.invalidateQueries({ queryKey: ['users'] });
  };
  return (
    <FormDialog
      opened
      title={before === undefined ? words.addPerson : before.name}
      close={close}
      button={before === undefined ? words.add : words.save}
      disabled={name === '' || sites?.length === 0}
      submit={submit}
    >
      <TextInput
        label={words.name}
        description={words.nameHint}
        required
        disabled={before !== undefined}
        maxLength={64}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput label={words.shownName} maxLength={100} value={shownName} onChange={(event) => setShownName(event.currentTarget.value)} />
      <RoleAndSites
        role={role}
        sites={sites}
        change={(next) => {
          if (next.role !== undefined) setRole(next.role);
          if (next.sites !== undefined) setSites(next.sites);
        }}
      />
    </FormDialog>
  );
}

function SignInsOf({ person, close }: { person: Person; close: () => void }) {
  const words = useWords(usersWords);
  const { data, error } = useQuery({
    queryKey: ['sign-ins', person.userId],
    queryFn: () => api.get('/users/:userId/sign-ins', { params: { userId: person.userId } }),
  });
  return (
    <Modal opened onClose={close} title={`${words.signIns}: ${person.name}`} size="lg">
      <Failed error={error} />
      {data !== undefined && <SignIns rows={data} />}
    </Modal>
  );
}

export function SignIns({ rows }: { rows: readonly Static<typeof SignIn>[] }) {
  const words = useWords(usersWords);
  if (rows.length === 0) return <p className="dim">{words.noSignIns}</p>;
  return (
    <ul className="bare">
      {rows.map((signIn) => (
        <li key={`${signIn.createdAt} ${signIn.browser}`} className="s" style={{ padding: '4px 0' }}>
          <span style={{ overflowWrap: 'anywhere' }}>{signIn.browser}</span> {signIn.this && <span className="tag new">{words.here}</span>}
          <br />
          <span className="dim">
            {words.since} <span title={exactTime(signIn.createdAt)}>{dayAndTime(signIn.createdAt)}</span>, {words.until}{' '}
            <span title={exactTime(signIn.expiresAt)}>{dayAndTime(signIn.expiresAt)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
