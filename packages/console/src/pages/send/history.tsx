import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { dayAndTime } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { resultWords } from './command-result.ts';
import { sendWords } from './send-words.ts';

const SHOWN = 30;

/** What this person sent last, from any page; one can be taken up again. */
export function History({ opened, close }: { opened: boolean; close: () => void }) {
  const words = useWords(sendWords);
  const { data: me } = useMe();
  const actor = me === undefined ? '' : me.kind === 'ticket' ? 'ticket' : `${me.kind}:${me.name}`;
  const { data, error } = useQuery({
    queryKey: ['commands', 'by', actor],
    queryFn: () => api.get('/commands', { query: { actor, limit: SHOWN } }),
    enabled: opened && actor !== '',
  });
  return (
    <Modal opened={opened} onClose={close} title={words.historyTitle} size="xl">
      {error !== null && (
        <p className="note bad" role="alert">
          {error.message}
        </p>
      )}
      {data?.length === 0 && <p className="dim">{words.historyNone}</p>}
      <div className="scroll-x">
        <table className="c">
          <tbody>
            {(data ?? []).map((command) => {
              const { word, tone } = resultWords(command, words);
              return (
                <tr key={command.commandId}>
                  <td className="nw dim">{dayAndTime(command.createdAt)}</td>
                  <td className="nw">{command.stationId}</td>
                  <td className="nw">{command.action}</td>
                  <td className="nw">
                    <b style={{ color: `var(--${tone})` }}>{word}</b>
                  </td>
                  <td className="r">
                    <Link
                      to="/send"
                      search={{ stationId: command.stationId, action: command.action, commandId: command.commandId }}
                      onClick={close}
                    >
                      {words.use}
                    </Link>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}
