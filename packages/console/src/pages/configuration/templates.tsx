import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { Failed } from '../../design/failed.tsx';
import { dayAndTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { useSites } from '../fleet/filter-sentence.tsx';
import { BulkPanel } from './bulk-panel.tsx';
import { DriftTable } from './drift-table.tsx';
import { EditTemplate } from './edit-template.tsx';
import { FromStation } from './from-station.tsx';
import { templatesWords } from './templates-words.ts';

/** What stations of a kind should be set to, which differ, and making them alike. */
export function TemplatesPage() {
  const words = useWords(templatesWords);
  const { template, site, job } = useSearch({ from: '/configuration' });
  const navigate = useNavigate({ from: '/configuration' });
  const client = useQueryClient();
  const may = useMay('installer', 'everywhere');
  const { data: sites = [] } = useSites();
  const { data, error, refetch } = useQuery({ queryKey: ['templates'], queryFn: () => api.get('/templates') });
  const [making, setMaking] = useState(false);
  const [editing, setEditing] = useState<string | undefined>();
  const [question, ask] = useState<Question | undefined>();
  const go = (next: { template?: string | undefined; site?: string | undefined; job?: string | undefined }): void =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const chosen = data?.find(({ templateId }) => templateId === template) ?? data?.[0];
  const remove = async (templateId: string): Promise<void> => {
    await api.delete('/templates/:templateId', { params: { templateId } });
    await client.invalidateQueries({ queryKey: ['templates'] });
    go({ template: undefined });
  };
  return (
    <>
      <div className="row between wrap">
        <h1>{words.title}</h1>
        <Button disabled={!may} onClick={() => setMaking(true)}>
          {words.fromStation}
        </Button>
      </div>
      <Failed error={error} again={() => void refetch()} />
      {data?.length === 0 && <div className="panel pb dim">{words.empty}</div>}
      {chosen !== undefined && (
        <div className="row between wrap">
          <div className="fields">
            <NativeSelect
              label={words.template}
              value={chosen.templateId}
              onChange={(event) => go({ template: event.currentTarget.value })}
              data={(data ?? []).map(({ templateId, name }) => ({ value: templateId, label: name }))}
            />
            <NativeSelect
              label={words.site}
              value={site ?? ''}
              onChange={({ currentTarget: { value } }) => go({ site: value === '' ? undefined : value })}
              data={[{ value: '', label: words.anySite }, ...sites.map(({ id, name }) => ({ value: String(id), label: name }))]}
            />
            <span className="s dim" style={{ paddingBottom: 6 }}>
              {words.size(chosen.size)}, {words.changed(dayAndTime(chosen.updatedAt), chosen.by)}
            </span>
          </div>
          <div className="row">
            <Button disabled={!may} onClick={() => setEditing(chosen.templateId)}>
              {words.edit}
            </Button>
            <Button
              disabled={!may}
              onClick={() => ask({ ...words.askRemove(chosen.name), danger: true, run: () => remove(chosen.templateId) })}
            >
              {words.remove}
            </Button>
          </div>
        </div>
      )}
      {job !== undefined && <BulkPanel bulkId={job} close={() => go({ job: undefined })} />}
      {chosen !== undefined && (
        <DriftTable key={chosen.templateId} templateId={chosen.templateId} site={site} started={(bulkId) => go({ job: bulkId })} />
      )}
      <FromStation opened={making} close={() => setMaking(false)} made={(templateId) => go({ template: templateId })} />
      {editing !== undefined && <EditTemplate templateId={editing} close={() => setEditing(undefined)} />}
      <Ask question={question} close={() => ask(undefined)} />
    </>
  );
}
