import { Button } from '@mantine/core';
import { urlOf } from '../api/client.ts';
import { useWords } from '../words/language.ts';
import { designWords } from './design-words.ts';

interface Props {
  /** Of the list, as its contract has it. */
  readonly path: string;
  readonly params?: object;
  /** What the list is filtered by now. */
  readonly query?: object;
  /** Where "Export CSV" would not say of what. */
  readonly label?: string;
}

/** The whole list as a file, with the filters that are set. */
export function CsvButton({ path, params = {}, query = {}, label }: Props) {
  const words = useWords(designWords);
  return (
    <Button component="a" href={urlOf(path, params, { ...query, format: 'csv' })} download>
      {label ?? words.exportCsv}
    </Button>
  );
}
