import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { useWords } from '../../words/language.ts';
import { useSites } from '../fleet/filter-sentence.tsx';
import { addWords } from './add-words.ts';
import { keepPassword } from './fresh-passwords.ts';
import { Steps } from './steps.tsx';

/** The first of four steps: under which id, where, how secure. */
export function AddStationPage() {
  const words = useWords(addWords);
  const { id: given } = useSearch({ from: '/fleet/add' });
  const navigate = useNavigate();
  const may = useMay('installer');
  const { data: sites = [] } = useSites();
  const { data: server } = useQuery({ queryKey: ['server'], queryFn: () => api.get('/server') });
  const [id, setId] = useState(given ?? '');
  const [site, setSite] = useState('');
  const at = site === '' ? sites[0]?.id : Number(site); // the one that is shown
  const [serial, setSerial] = useState('');
  const [profile, setProfile] = useState('');
  const [problem, setProblem] = useState('');
  const lowest = server?.lowestSecurityProfile ?? 1;
  const profiles = (['1', '2', '3'] as const).filter((one) => Number(one) >= lowest);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      const made = await api.post('/stations', {
        body: {
          id,
          ...(at === undefined ? {} : { site: at }),
          ...(serial === '' ? {} : { serialNumber: serial }),
          securityProfile: Number(profile === '' ? lowest : profile),
        },
      });
      keepPassword(id, made);
      await navigate({ to: '/fleet/add/$stationId', params: { stationId: id } });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <div className="s dim">
        <Link to="/fleet">{words.fleet}</Link>
      </div>
      <h1>{words.title}</h1>
      <Steps at={0} />
      <form className="panel pb form" onSubmit={(event) => void submit(event)}>
        <TextInput
          label={words.id}
          description={words.idWhy}
          value={id}
          maxLength={48}
          required
          autoFocus
          onChange={(event) => setId(event.currentTarget.value)}
        />
        <NativeSelect
          label={words.site}
          value={site}
          onChange={(event) => setSite(event.currentTarget.value)}
          data={sites.map((one) => ({ value: String(one.id), label: one.name }))}
        />
        <TextInput label={words.serial} value={serial} maxLength={25} onChange={(event) => setSerial(event.currentTarget.value)} />
        <NativeSelect
          label={words.profile}
          value={profile}
          onChange={(event) => setProfile(event.currentTarget.value)}
          data={profiles.map((value) => ({ value, label: words.profiles[value] }))}
        />
        {problem !== '' && (
          <p className="note bad" role="alert">
            {problem}
          </p>
        )}
        <div>
          <Button type="submit" variant="filled" size="xs" disabled={!may}>
            {words.create}
          </Button>
        </div>
      </form>
    </>
  );
}
