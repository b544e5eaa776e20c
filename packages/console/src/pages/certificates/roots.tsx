import { Button, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/me.ts';
import { Ask, type Question } from '../../design/ask.tsx';
import { Failed } from '../../design/failed.tsx';
import { FormDialog } from '../../design/form-dialog.tsx';
import { dayAndTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { certificatesWords } from './certificates-words.ts';
import { Left } from './station-certificates.tsx';

const KINDS = ['csms', 'station', 'v2g', 'mo', 'manufacturer'] as const;
type Kind = (typeof KINDS)[number];

/** What is trusted here, by purpose. */
export function Roots() {
  const words = useWords(certificatesWords);
  const client = useQueryClient();
  const may = useMay('admin');
  const [adding, setAdding] = useState<Kind | undefined>();
  const [pem, setPem] = useState('');
  const [question, ask] = useState<Question | undefined>();
  const again = (): Promise<void> => client.invalidateQueries({ queryKey: ['trust'] });
  const submit = async (): Promise<void> => {
    await api.post('/trust/:kind', { params: { kind: adding ?? 'csms' }, body: { pem } });
    setPem('');
    await again();
  };
  const remove = (kind: Kind, hash: string, subject: string): Question => ({
    ...words.askRemove(subject, words.kinds[kind]),
    danger: true,
    run: async () => {
      await api.delete('/trust/:kind/:hash', { params: { kind, hash } });
      await again();
    },
  });
  return (
    <>
      {KINDS.map((kind) => (
        <RootsOf
          key={kind}
          kind={kind}
          may={may}
          add={() => setAdding(kind)}
          remove={(hash, subject) => ask(remove(kind, hash, subject))}
        />
      ))}
      <FormDialog
        opened={adding !== undefined}
        title={words.addTitle(words.kinds[adding ?? 'csms'])}
        close={() => setAdding(undefined)}
        button={words.add}
        size="lg"
        disabled={!pem.includes('BEGIN CERTIFICATE')}
        submit={submit}
      >
        <p className="s dim">{words.addText}</p>
        <Textarea
          label={words.pem}
          required
          rows={12}
          spellCheck={false}
          placeholder="-----BEGIN CERTIFICATE-----"
          value={pem}
          onChange={(event) => setPem(event.currentTarget.value)}
        />
      </FormDialog>
      <Ask question={question} close={() => ask(undefined)} />
    </>
  );
}

interface OfKind {
  readonly kind: Kind;
  readonly may: boolean;
  readonly add: () => void;
  readonly remove: (hash: string, subject: string) => void;
}

function RootsOf({ kind, may, add, remove }: OfKind) {
  const words = useWords(certificatesWords);
  const { data, error } = useQuery({ queryKey: ['trust', kind], queryFn: () => api.get('/trust/:kind', { params: { kind } }) });
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.kinds[kind]}</h2>
        <Button disabled={!may} onClick={add} aria-label={`${words.addRoot}: ${words.kinds[kind]}`}>
          {words.addRoot}
        </Button>
      </div>
      <Failed error={error} />
      {data?.certificates.length === 0 && <p className="pb dim">{words.noRoots}</p>}
      {data !== undefined && data.certificates.length > 0 && (
        <div className="scroll-x">
          <table>
            <thead className="vh">
              <tr>
                <th scope="col">{words.subject}</th>
                <th scope="col">{words.left}</th>
                <th scope="col">{words.until}</th>
                <th scope="col">{words.serial}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {data.certificates.map(({ hash, subject, notAfter, hashData }) => (
                <tr key={hash}>
                  <td className="b">{subject}</td>
                  <td className="nw">
                    <Left notAfter={notAfter} />
                  </td>
                  <td className="nw">{dayAndTime(notAfter)}</td>
                  <td className="mono dim">{hashData.serialNumber}</td>
                  <td className="r">
                    <Button disabled={!may} onClick={() => remove(hash, subject)} aria-label={`${words.remove} ${subject}`}>
                      {words.remove}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
