import type { Role } from '@busbar/api';
import { Checkbox, NativeSelect } from '@mantine/core';
import { ROLES } from '../../api/me.ts';
import { useWords } from '../../words/language.ts';
import { useSites } from '../fleet/filter-sentence.tsx';
import { usersWords } from './users-words.ts';

interface Props {
  readonly role: Role;
  readonly sites: readonly number[] | null;
  readonly change: (next: { readonly role?: Role; readonly sites?: readonly number[] | null }) => void;
}

/** What somebody, or a key, may do, and where. */
export function RoleAndSites({ role, sites, change }: Props) {
  const words = useWords(usersWords);
  const { data: known = [] } = useSites();
  const toggle = (id: number, on: boolean): void =>
    change({ sites: on ? [...(sites ?? []), id].toSorted((a, b) => a - b) : (sites ?? []).filter((one) => one !== id) });
  return (
    <>
      <NativeSelect
        label={words.role}
        value={role}
        onChange={({ currentTarget: { value } }) => change({ role: ROLES.find((one) => one === value) ?? 'viewer' })}
        data={ROLES.map((value) => ({ value, label: words.roles[value] }))}
      />
      <fieldset className="members">
        <legend>{words.sites}</legend>
        <Checkbox
          label={words.allSites}
          checked={sites === null}
          onChange={(event) => change({ sites: event.currentTarget.checked ? null : [] })}
        />
        {sites !== null &&
          known.map(({ id, name }) => (
            <Checkbox
              key={id}
              ml="md"
              label={name}
              checked={sites.includes(id)}
              onChange={(event) => toggle(id, event.currentTarget.checked)}
            />
          ))}
      </fieldset>
    </>
  );
}

/** The names of the sites somebody may see. */
export function SiteNames({ sites }: { sites: readonly number[] | null }) {
  const words = useWords(usersWords);
  const { data: known = [] } = useSites();
  if (sites === null) return <span className="dim">{words.allSites}</span>;
  return <>{sites.map((id) => known.find((site) => site.id === id)?.name ?? String(id)).join(', ')}</>;
}
