import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';

const docs = join(import.meta.dirname, '../..');
const packaged = (file: string): string => join(import.meta.dirname, '../node_modules', file);

/** The order in which somebody reads who has just come. */
const SIDEBAR = [
  {
    text: 'Begin',
    items: [
      { text: 'Ten minutes', link: '/start' },
      { text: "Operator's guide", link: '/operators-guide' },
      { text: 'Deployment', link: '/deployment' },
      { text: 'Configuration', link: '/configuration' },
    ],
  },
  {
    text: 'Operate',
    items: [
      { text: 'People and keys', link: '/people' },
      { text: 'Security of the link', link: '/security' },
      { text: 'Prices', link: '/prices' },
      { text: 'The ledger', link: '/ledger' },
      { text: 'Webhooks', link: '/webhooks' },
      { text: 'Backup and restore', link: '/backup' },
    ],
  },
  {
    text: 'Build',
    items: [
      { text: 'REST', link: '/rest' },
      { text: 'The shell', link: '/cli' },
      { text: 'Embed the station', link: '/station-api' },
      { text: 'A fleet as load', link: '/fleet' },
      { text: 'Recorded sessions', link: '/recordings' },
    ],
  },
  {
    text: 'Trust',
    items: [
      { text: 'Conformance kit', link: '/conformance' },
      { text: 'What is not applicable', link: '/conformance-not-applicable' },
      { text: 'Requirements and tests', link: '/matrix' },
      { text: 'Performance', link: '/performance' },
    ],
  },
  {
    text: 'Understand',
    items: [
      { text: 'Architecture', link: '/architecture' },
      { text: 'Decisions', link: '/adr/' },
    ],
  },
];

interface Token {
  readonly type: string;
  hidden: boolean;
  children: Token[] | null;
  attrGet(name: string): string | null;
}

/** What lies outside docs/ is there for who reads the repository; on the site its name stands without a link. */
function plainOutside(tokens: readonly Token[]): void {
  for (const { children } of tokens) {
    if (children === null) continue;
    let outside = false;
    for (const token of children) {
      if (token.type === 'link_open') outside = /^\.\.\/(?!adr\/)/.test(token.attrGet('href') ?? '');
      if (outside && (token.type === 'link_open' || token.type === 'link_close'))
        Object.assign(token, { type: 'text', content: '', tag: '', nesting: 0 });
      if (token.type === 'link_close') outside = false;
    }
  }
}

export default defineConfig({
  title: 'Busbar',
  description: 'Both ends of OCPP 2.0.1 and 2.1: a CSMS, charging stations, and what it takes to trust them.',
  lang: 'en',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcDir: '..',
  srcExclude: ['site/**'],
  outDir: './dist',
  cleanUrls: false,
  metaChunk: true,
  markdown: {
    config: (md) => {
      md.core.ruler.push('plain outside', (state) => plainOutside(state.tokens));
    },
  },
  vite: {
    build: { chunkSizeWarningLimit: 4000 },
    // The pages lie beside this folder, not below it, so what they are compiled to would look for Vue where it is not.
    resolve: {
      alias: [
        { find: /^vue$/, replacement: packaged('vue/dist/vue.runtime.esm-bundler.js') },
        { find: /^vue\/server-renderer$/, replacement: packaged('@vue/server-renderer/dist/server-renderer.esm-bundler.js') },
      ],
    },
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Operate', link: '/operators-guide' },
      { text: 'Deploy', link: '/deployment' },
      { text: 'API', link: '/rest' },
    ],
    sidebar: SIDEBAR,
    outline: [2, 3],
    search: { provider: 'local' },
    footer: { message: 'Apache-2.0. The OCPP schemas are fetched as an npm package and are not part of Busbar.' },
  },
  buildEnd: ({ outDir }) => copyFileSync(join(docs, 'openapi.json'), join(outDir, 'openapi.json')),
});
