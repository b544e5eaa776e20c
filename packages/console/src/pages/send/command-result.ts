import type { Command } from '@busbar/api';
import type { Static } from 'typebox';
import { isGood, statusOf } from '../messages/pairs.ts';
import { isRecord } from './form-model.ts';
import type { SendWords } from './send-words.ts';

export type CommandView = Static<typeof Command>;

export interface ResultWords {
  readonly word: string;
  readonly why: string;
  readonly tone: 'ok' | 'warn' | 'faulted' | 'pending';
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What became of a command, in one word and the reason. */
export function resultWords(view: CommandView, words: SendWords): ResultWords {
  const { result } = words;
  switch (view.state) {
    case 'queued':
      return { word: result.queued, why: result.queuedWhy, tone: 'pending' };
    case 'sent':
      return { word: result.sent, why: '', tone: 'pending' };
    case 'refused':
      return { word: result.refused(view.error.code), why: view.error.description, tone: 'faulted' };
    case 'unknown':
      return { word: result.unknown, why: result.unknownWhy, tone: 'faulted' };
    case 'notSent':
      return { word: result.notSent, why: result.because(words.reasons[view.reason] ?? view.reason), tone: 'warn' };
    case 'answered': {
      const { statusInfo } = isRecord(view.response) ? view.response : {};
      const status = statusOf(view.response);
      const { reasonCode, additionalInfo } = isRecord(statusInfo) ? statusInfo : {};
      const word = status ?? result.answered;
      return {
        word,
        why: [text(reasonCode), text(additionalInfo)].filter((part) => part !== '').join(', '),
        tone: status === undefined || isGood(status) ? 'ok' : 'warn',
      };
    }
  }
}

/** From the moment it left to the answer. */
export function tookMs({ sentAt, endedAt }: Pick<CommandView, 'sentAt' | 'endedAt'>): number | undefined {
  return sentAt === null || endedAt === null ? undefined : Date.parse(endedAt) - Date.parse(sentAt);
}
