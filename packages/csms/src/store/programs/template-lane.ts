import type { Outcome } from '../intents.ts';
import { type Program, type Query, type Row, run, tell } from '../sql.ts';
import type { TemplateIntent, TemplateReader, TemplateRecord } from '../template-intents.ts';
import { num, text } from './columns.ts';
import type { Prepared } from './prepared.ts';

const KINDS: ReadonlySet<string> = new Set<TemplateIntent['k']>(['templatePut', 'templateDelete']);
export const isTemplateIntent = (intent: Prepared): intent is TemplateIntent => KINDS.has(intent.k);

/** What is written about templates of configuration. */
export function* applyTemplate(intent: TemplateIntent): Program<Outcome> {
  switch (intent.k) {
    case 'templatePut': {
      const { id, name, body, createdAt, updatedAt, by } = intent.template;
      yield* tell(
        'INSERT INTO template VALUES(?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET name=excluded.name, body=excluded.body, updated_at=excluded.updated_at, by_whom=excluded.by_whom',
        id,
        name,
        body,
        createdAt,
        updatedAt,
        by,
      );
      return { result: 'done' };
    }
    case 'templateDelete':
      return { result: (yield* run('DELETE FROM template WHERE id=?', intent.id)) > 0 ? 'done' : 'notFound' };
  }
}

export const templateReader = (all: Query): TemplateReader => ({
  templates: async () => (await all('SELECT * FROM template ORDER BY name, id')).map(toTemplate),
  template: async (id) => (await all('SELECT * FROM template WHERE id=?', id)).map(toTemplate)[0],
});

const toTemplate = (row: Row): TemplateRecord => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  body: text(row, 'body'),
  createdAt: num(row, 'created_at'),
  updatedAt: num(row, 'updated_at'),
  by: text(row, 'by_whom'),
});
