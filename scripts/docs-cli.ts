// docs/cli.md: the command line as the program itself has it.
import { type Documented, documented } from '../packages/cli/src/command-page.ts';
import { flagOf, ServeConfig } from '../packages/cli/src/config.ts';
import { GROUP_TITLES } from '../packages/cli/src/help-groups.ts';
import { busbarProgram } from '../packages/cli/src/program.ts';

const REST = ['--url', '--data', '--json'];
const CONFIGURATION = Object.keys(ServeConfig.properties).map(flagOf);
const code = (text: string): string => `\`${text}\``;

function sectionOf({ path, usage, description, options, examples, notes }: Documented): string {
  const isRest =
    REST.every((flag) => options.some(({ long, flags }) => long === flag && (flag !== '--url' || flags === '--url <url>'))) &&
    path !== 'replay';
  const isServer = path === 'serve' || path === 'up';
  const own = options.filter(({ long }) => !(isRest && REST.includes(long ?? '')) && !(isServer && CONFIGURATION.includes(long ?? '')));
  const lines = own.map(({ flags, description: said, defaultValue, argChoices, mandatory }) => {
    const usual = defaultValue === undefined ? '' : ` (default ${code(String(defaultValue))})`;
    const choices = argChoices === undefined ? '' : `: ${argChoices.map(code).join(', ')}`;
    return `- ${code(flags)}${mandatory ? ' (needed)' : ''} ${said}${choices}${usual}`;
  });
  const besides = [
    ...(isRest ? [`${lines.length === 0 ? 'Takes' : 'Also takes'} ${REST.map(code).join(', ')}.`] : []),
    ...(isServer ? ['Takes every option of [configuration.md](configuration.md) too.'] : []),
    ...(path === 'check' ? ['Its options and what it says: [conformance.md](conformance.md).'] : []),
  ];
  return [
    `### ${path}`,
    `${code(usage)}: ${description}.`,
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
    ...(besides.length === 0 ? [] : [besides.join(' ')]),
    ...(notes === '' ? [] : [notes]),
    ...(examples.length === 0 ? [] : [`\`\`\`sh\n${examples.map((one) => `npx ${one}`).join('\n')}\n\`\`\``]),
  ].join('\n\n');
}

export function cliPage(): { readonly path: string; readonly text: string } {
  const all = documented(busbarProgram());
  const groups = GROUP_TITLES.map((title) => {
    const inside = all.filter(({ group }) => group === title);
    return inside.length === 0 ? '' : `## ${title}\n\n${inside.map(sectionOf).join('\n\n')}\n`;
  });
  const text = `<!-- Made from packages/cli/src by \`npm run docs\`; do not edit. -->

# Command line

\`npx busbar COMMAND\`. \`busbar help COMMAND\` says the same as this page.

Commands that speak REST find the CSMS by \`--url\` or \`BUSBAR_URL\` (\`http://127.0.0.1:8080\` when left out), and their key in
\`BUSBAR_API_KEY\` or in the file \`api-key\` of the folder that \`--data\` or \`BUSBAR_DATA\` names. With \`--json\` they print what the
API answers ([rest.md](rest.md)) as one line; without it a table, shortened to the width of a terminal and never in a file or a pipe.
Lists are read over all their pages up to \`--limit\`. What goes wrong is said on standard error; the exit code is that of the
[list of errors](rest.md#errors), and 2 where a command is not understood.

${groups.filter((one) => one !== '').join('\n')}`;
  return { path: 'docs/cli.md', text };
}
