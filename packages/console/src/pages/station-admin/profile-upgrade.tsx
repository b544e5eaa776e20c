import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { endOf } from '../../api/command.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { dayAndTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { Left } from '../certificates/station-certificates.tsx';
import { adminWords } from './admin-words.ts';
import { type OfStation, useAgain } from './station-view.ts';

/** Moving to a higher security profile, and the certificates that belong to it. */
export function ProfileUpgrade({ station: { id, connected, securityProfile } }: OfStation) {
  const words = useWords(adminWords);
  const may = useMay('installer');
  const again = useAgain(id);
  const [question, ask] = useState<Question | undefined>();
  const [said, say] = useState('');
  const params = { stationId: id };
  const jobs = useQuery({
    queryKey: ['station', id, 'jobs'],
    queryFn: () => api.get('/stations/:stationId/jobs', { params, query: { limit: 5 } }),
  });
  const certificates = useQuery({
    queryKey: ['station', id, 'certificates'],
    queryFn: () => api.get('/stations/:stationId/certificates', { params }),
  });
  const upgrade = (target: number): Question => ({
    ...words.askUpgrade(id, target),
    run: async () => {
      await api.post('/stations/:stationId/upgrade-profile', { params, body: { securityProfile: target } });
      await again();
    },
  });
  const renew = async (): Promise<void> => {
    try {
      say(endOf(await api.post('/stations/:stationId/renew-certificate', { params, body: {} })).word);
      await again();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };
  const newest = certificates.data?.issued.slice(0, 3) ?? [];
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.upgrade}</h2>
        <span className="tag">{words.profiles[securityProfile]}</span>
      </div>
      <div className="pb" style={{ display: 'grid', gap: 8 }}>
        {[2, 3]
          .filter((target) => target > securityProfile)
          .map((target) => (
            <Button key={target} disabled={!may || !connected} onClick={() => ask(upgrade(target))}>
              {words.upgradeTo(target)}
            </Button>
          ))}
        {jobs.data?.length === 0 && <p className="s dim">{words.noJobs}</p>}
        <ul className="bare">
          {(jobs.data ?? []).map((job) => (
            <li key={job.jobId} className="s" style={{ padding: '2px 0' }}>
              <span className="dim">{dayAndTime(job.createdAt)}</span> <b>{words.jobState[job.state] ?? job.state}</b> {job.step}{' '}
              {job.reason}
            </li>
          ))}
        </ul>
      </div>
      <div className="pb" style={{ borderTop: '1px solid var(--line)', display: 'grid', gap: 8 }}>
        <h3>{words.certificates}</h3>
        {certificates.data !== undefined && newest.length === 0 && <p className="s dim">{words.noCertificates}</p>}
        {newest.map((certificate) => (
          <p key={certificate.serialNumber} className="s">
            <span className="mono">{certificate.serialNumber.slice(0, 12)}</span> {certificate.state}, {words.left}{' '}
            <Left notAfter={certificate.notAfter} />
          </p>
        ))}
        <Button disabled={!may || !connected} onClick={() => void renew()}>
          {words.renew}
        </Button>
        {said !== '' && (
          <p className="s" role="status">
            {said}
          </p>
        )}
      </div>
      <Ask question={question} close={() => ask(undefined)} />
    </section>
  );
}
