import { useMediaQuery } from '@mantine/hooks';

/** A phone: cards instead of rows. */
export const useNarrow = (): boolean => useMediaQuery('(max-width: 640px)', undefined, { getInitialValueInEffect: false }) ?? false;
