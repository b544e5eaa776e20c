import { useNavigate, useSearch } from '@tanstack/react-router';
import { Segments } from '../../design/segments.tsx';
import { useWords } from '../../words/language.ts';
import { certificatesWords } from './certificates-words.ts';
import { Roots } from './roots.tsx';
import { StationCertificates } from './station-certificates.tsx';

/** Certificates of all stations by the days they have left, and what is trusted here. */
export function CertificatesPage() {
  const words = useWords(certificatesWords);
  const { roots } = useSearch({ from: '/certificates' });
  const navigate = useNavigate({ from: '/certificates' });
  return (
    <>
      <div className="row between wrap">
        <h1>{words.title}</h1>
        <Segments
          label={words.view}
          value={roots === 'yes' ? 'roots' : 'stations'}
          choose={(value) =>
            void navigate({ search: (before) => ({ ...before, roots: value === 'roots' ? 'yes' : undefined }), replace: true })
          }
          choices={[
            { value: 'stations', label: words.ofStations },
            { value: 'roots', label: words.roots },
          ]}
        />
      </div>
      {roots === 'yes' ? <Roots /> : <StationCertificates />}
    </>
  );
}
