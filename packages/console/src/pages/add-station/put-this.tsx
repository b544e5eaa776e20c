import { Button, CopyButton } from '@mantine/core';
import { encode } from 'uqr';
import { designWords } from '../../design/design-words.ts';
import { useWords } from '../../words/language.ts';
import { addWords } from './add-words.ts';
import { freshPassword } from './fresh-passwords.ts';

export function PutThis({ stationId, url }: { stationId: string; url: string | null }) {
  const words = useWords(addWords);
  const password = freshPassword(stationId);
  const lines: readonly (readonly [name: string, value: string])[] = [
    ...(url === null ? [] : [[words.address, url] as const]),
    [words.id, stationId],
    ...(password === undefined ? [] : [[words.password, password] as const]),
    [words.subprotocol, 'ocpp2.0.1'],
  ];
  return (
    <section className="panel">
      <div className="ph">
        <h2>{words.putThis}</h2>
      </div>
      <div className="pb">
        {url === null ? (
          <p className="note">{words.noAddress}</p>
        ) : (
          <div className="row" style={{ gap: 16, alignItems: 'flex-start' }}>
            <QrCode text={`${url}/${encodeURIComponent(stationId)}`} />
            <div>
              <p>{words.scan}</p>
              <p className="s dim">{words.qrHolds}</p>
            </div>
          </div>
        )}
        <table style={{ marginTop: 12 }}>
          <tbody>
            {lines.map(([name, value]) => (
              <CopyLine key={name} name={name} value={value} />
            ))}
          </tbody>
        </table>
        <p className="s dim" style={{ marginTop: 8 }}>
          {password === undefined ? words.gone : words.shownOnce}
        </p>
      </div>
      <div className="pb" style={{ borderTop: '1px solid var(--line)' }}>
        <h3>{words.places}</h3>
        <p className="s">{words.placesText}</p>
      </div>
    </section>
  );
}

function CopyLine({ name, value }: { name: string; value: string }) {
  const general = useWords(designWords);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="mono" style={{ overflowWrap: 'anywhere' }}>
        {value}
      </td>
      <td className="r">
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button onClick={copy} aria-label={`${general.copy}: ${name}`}>
              {copied ? general.copied : general.copy}
            </Button>
          )}
        </CopyButton>
      </td>
    </tr>
  );
}

/** Black on white in both themes: cameras read nothing else. */
export function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((line, y) => line.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : []))).join('');
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={text} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
