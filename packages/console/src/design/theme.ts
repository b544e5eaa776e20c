import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { language } from '../words/language.ts';

/** One accent: blue means "you can click it, or it is selected". The two shades that fill a button stand at 6 (dark) and 7 (light). */
const blue: MantineColorsTuple = [
  '#e6f0fb',
  '#cfe2f7',
  '#a9cbef',
  '#82bcff',
  '#5a9de6',
  '#3a83d4',
  '#1f6bc2',
  '#0b5cad',
  '#0a5097',
  '#084282',
];

const CLOSE = { en: 'Close', de: 'Schließen' } as const;

export const theme = createTheme({
  colors: { blue },
  primaryColor: 'blue',
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: 4,
  fontFamily: '-apple-system, "Segoe UI", Inter, Roboto, "Helvetica Neue", Arial, system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "JetBrains Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'compact-sm', variant: 'default', fw: 500, fz: 13, px: 9 } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    NativeSelect: { defaultProps: { size: 'xs' } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': CLOSE[language()] } } },
    Checkbox: { defaultProps: { size: 'xs' } },
    // The page itself never scrolls, so nothing has to be locked (the lock would write a style that the CSP refuses).
    Modal: {
      defaultProps: {
        centered: true,
        lockScroll: false,
        transitionProps: { duration: 0 },
        closeButtonProps: { 'aria-label': CLOSE[language()] },
      },
    },
  },
});

/** Mantine's own colours are ours: what it calls dimmed or border has too little contrast. */
const ours = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--dim)',
  '--mantine-color-placeholder': 'var(--dim)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--faulted)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-red-outline': 'var(--faulted)',
};
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: ours, dark: ours });
