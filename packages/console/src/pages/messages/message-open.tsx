import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.ts';
import { Copy } from '../../design/copy.tsx';
import { laidOut } from '../../design/json-text.ts';
import { JsonLines } from '../../design/json-view.tsx';
import { count } from '../../words/figures.ts';
import { useWords } from '../../words/language.ts';
import { clockMs } from './clock-ms.ts';
import { InvalidEventActions } from './invalid-event.tsx';
import { messagesWords } from './messages-words.ts';
import { type Fault, faultOf, type Pair, transactionOf } from './pairs.ts';

/** Our sentence first when something is wrong, then both frames as they went over the link. */
export function MessageOpen({ pair, foreign }: { pair: Pair; foreign: boolean }) {
  const words = useWords(messagesWords);
  const fault = faultOf(pair);
  const bad = fault !== undefined || pair.error !== null;
  const refused = pair.direction === 'in' && pair.action === 'TransactionEvent' && pair.error !== null;
  const asked = pair.direction === 'in' ? words.stationAsked : words.weAsked;
  const answered = pair.direction === 'in' ? words.weAnswered : words.stationAnswered;
  return (
    <div className={bad ? 'opened bad' : 'opened'}>
      {bad && (
        <div className="row between wrap said">
          <Said pair={pair} fault={fault} />
          {refused && !foreign && <InvalidEventActions pair={pair} />}
        </div>
      )}
      <div className="frames">
        <Frame title={asked} at={pair.at} text={pair.call} wrong={fault?.of === 'call' ? fault.pointer : undefined} />
        <Frame
          title={`${answered}${pair.latencyMs === null ? '' : ` ${words.afterMs(count(pair.latencyMs))}`}`}
          at={null}
          text={pair.answer}
          wrong={fault?.of === 'answer' ? fault.pointer : undefined}
        >
          {!foreign && <Belongs pair={pair} />}
        </Frame>
      </div>
    </div>
  );
}

const quoted = (value: unknown): string => {
  const text = JSON.stringify(value) ?? '';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

function Said({ pair, fault }: { pair: Pair; fault: Fault | undefined }) {
  const words = useWords(messagesWords);
  const sender = fault?.of === 'answer' ? (pair.direction === 'in' ? 'out' : 'in') : pair.direction;
  const who = sender === 'in' ? words.station1 : words.we;
  return (
    <p className="sentence-of">
      {fault !== undefined && (
        <>
          <b>
            {fault.field === undefined ? (
              fault.said
            ) : (
              <>
                {fault.written === undefined || typeof fault.written === 'object'
                  ? words.leftOut(who)
                  : words.wrote(who, quoted(fault.written))}{' '}
                <code>{fault.field}</code>: {fault.said}.
              </>
            )}
          </b>{' '}
          <span className="dim">{fault.code}</span>{' '}
        </>
      )}
      {pair.error !== null && fault === undefined && (
        <b>
          {words.refusedWith} {pair.error.code}. {pair.error.description}
        </b>
      )}
    </p>
  );
}

interface FrameProps {
  readonly title: string;
  readonly at: string | null;
  readonly text: string | null;
  readonly wrong: string | undefined;
  readonly children?: React.ReactNode;
}

function Frame({ title, at, text, wrong, children }: FrameProps) {
  const words = useWords(messagesWords);
  return (
    <div className="frame">
      <div className="row between s">
        <b>
          {title}
          {at !== null && `, ${clockMs(at)}`}
          {text !== null && `, ${words.bytes(count(new TextEncoder().encode(text).length))}`}
        </b>
        {text !== null && <Copy text={text} />}
      </div>
      {text === null ? (
        <p className="s dim">{words.noFrame}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard
        <pre tabIndex={0} aria-label={title}>
          <JsonLines lines={laidOut(text)} wrong={wrong} />
        </pre>
      )}
      {children}
    </div>
  );
}

/** What the message belongs to: use cases, the session it names, the command of ours. */
function Belongs({ pair }: { pair: Pair }) {
  const words = useWords(messagesWords);
  const { stationId, useCases, action } = pair;
  const transactionId = transactionOf(pair);
  return (
    <div className="s belongs dim">
      {useCases.length > 0 && (
        <div>
          {words.useCases} {useCases.join(', ')}
        </div>
      )}
      {transactionId !== undefined && stationId !== null && (
        <div>
          {words.session}{' '}
          <Link to="/sessions/$stationId/$transactionId" params={{ stationId, transactionId }} className="mono">
            {transactionId}
          </Link>
        </div>
      )}
      {pair.direction === 'out' && stationId !== null && action !== null && (
        <OurCommand pair={pair} stationId={stationId} action={action} />
      )}
    </div>
  );
}

/** Commands around the moment the CALL left that are looked at. */
const AROUND = 50;

function OurCommand({ pair, stationId, action }: { pair: Pair; stationId: string; action: string }) {
  const words = useWords(messagesWords);
  const { data } = useQuery({
    queryKey: ['commands', stationId, action, pair.messageId],
    queryFn: async () => {
      const commands = await api.get('/stations/:stationId/commands', { params: { stationId }, query: { action, limit: AROUND } });
      return commands.find(({ messageId }) => messageId === pair.messageId) ?? null;
    },
    staleTime: 60_000,
  });
  if (data == null) return null;
  return (
    <div>
      {words.sentBy(data.actor)}.{' '}
      <Link to="/send" search={{ stationId, action, commandId: data.commandId }}>
        {words.again}
      </Link>
    </div>
  );
}
