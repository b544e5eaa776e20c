import type { Instant } from '@busbar/runtime';

export interface TemplateRecord {
  readonly id: string;
  readonly name: string;
  /** JSON of SetVariableDataType[]. */
  readonly body: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly by: string;
}

export type TemplateIntent =
  | { readonly k: 'templatePut'; readonly template: TemplateRecord }
  | { readonly k: 'templateDelete'; readonly id: string };

export interface TemplateReader {
  /** By name. */
  templates(): Promise<readonly TemplateRecord[]>;
  template(id: string): Promise<TemplateRecord | undefined>;
}
