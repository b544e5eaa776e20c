import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { useWords } from '../../words/language.ts';
import { useSites } from '../fleet/filter-sentence.tsx';
import { adminWords } from './admin-words.ts';
import { type OfStation, useAgain } from './station-view.ts';

export function Facts({ station }: OfStation) {
  const words = useWords(adminWords);
  const may = useMay('installer');
  const again = useAgain(station.id);
  const { data: sites = [] } = useSites();
  const [serialNumber, setSerial] = useState(station.serialNumber ?? '');
  const [site, setSite] = useState(station.site);
  const [securityProfile, setProfile] = useState(station.securityProfile);
  const [acceptExpiredCertificate, setExpired] = useState(station.acceptExpiredCertificate);
  const [runningCost, setRunningCost] = useState(station.runningCost);
  const [said, say] = useState<{ readonly good: boolean; readonly text: string } | undefined>();
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      await api.patch('/stations/:stationId', {
        params: { stationId: station.id },
        body: {
          acceptExpiredCertificate,
          runningCost,
          ...(serialNumber === (station.serialNumber ?? '') ? {} : { serialNumber: serialNumber === '' ? null : serialNumber }),
          ...(site === station.site ? {} : { site }),
          ...(securityProfile === station.securityProfile ? {} : { securityProfile }),
        },
      });
      say({ good: true, text: words.saved });
      await again();
    } catch (error) {
      say({ good: false, text: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <section className="panel" aria-label={words.facts}>
      <div className="ph">
        <h2>{words.facts}</h2>
      </div>
      <form className="pb" style={{ display: 'grid', gap: 12 }} onSubmit={(event) => void submit(event)}>
        <div className="pair">
          <TextInput
            label={words.serial}
            maxLength={25}
            disabled={!may}
            value={serialNumber}
            onChange={(event) => setSerial(event.currentTarget.value)}
          />
          <NativeSelect
            label={words.site}
            disabled={!may}
            value={String(site)}
            onChange={(event) => setSite(Number(event.currentTarget.value))}
            data={sites.map(({ id, name }) => ({ value: String(id), label: name }))}
          />
          <NativeSelect
            label={words.profile}
            description={
              station.linkSecurityProfile === null
                ? words.profileHint
                : `${words.profileHint} ${words.linkProfile(station.linkSecurityProfile)}`
            }
            disabled={!may}
            value={String(securityProfile)}
            onChange={(event) => setProfile(Number(event.currentTarget.value))}
            data={[1, 2, 3].map((n) => ({ value: String(n), label: words.profiles[n] ?? '' }))}
          />
          <NativeSelect
            label={words.runningCost}
            disabled={!may}
            value={runningCost}
            onChange={(event) => setRunningCost(event.currentTarget.value === 'answer' ? 'answer' : 'message')}
            data={(['message', 'answer'] as const).map((value) => ({ value, label: words.runningCosts[value] }))}
          />
        </div>
        <Checkbox
          label={words.expired}
          disabled={!may}
          checked={acceptExpiredCertificate}
          onChange={(event) => setExpired(event.currentTarget.checked)}
        />
        <div className="row">
          <Button type="submit" variant="filled" disabled={!may}>
            {words.save}
          </Button>
          {said !== undefined && (
            <span role="status" className="s" style={{ color: said.good ? 'var(--ok)' : 'var(--faulted)' }}>
              {said.text}
            </span>
          )}
        </div>
      </form>
    </section>
  );
}
