import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completionScript, SHELLS, shellOf, wordsOf } from './completion.ts';
import { busbarProgram } from './program.ts';

const program = busbarProgram();

test.each(SHELLS)('%s: every command, subcommand and option is in the script', (shell) => {
  const script = completionScript(program, shell);
  const missing = wordsOf(program).flatMap(({ path, subcommands, flags }) => [
    ...(path === '' || script.includes(`'${path}'`) || script.includes(`|${path}|`) || script.includes(`"${path}"`) ? [] : [path]),
    ...[...subcommands.map(({ name }) => name), ...flags.flatMap(({ names }) => names)].filter(
      (name) => !script.includes(shell === 'fish' ? name.replace(/^-+/, '') : name),
    ),
  ]);
  expect(missing).toEqual([]);
  expect(wordsOf(program).map(({ path }) => path)).toEqual(
    expect.arrayContaining(['', 'stations add', 'variables set', 'transactions close', 'init', 'completion']),
  );
  expect(script).not.toContain('virtual-stations');
});

/** What a bash that sourced the script offers. */
const offered = (...words: readonly string[]): readonly string[] =>
  execFileSync(
    'bash',
    [
      '-c',
      `${completionScript(program, 'bash')}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _busbar; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ],
    { encoding: 'utf8' },
  )
    .trim()
    .split('\n');

test('bash completes commands, subcommands behind arguments, options and their choices', () => {
  expect(offered('busbar', 'trans')).toEqual(['transactions']);
  expect(offered('busbar', 'stations', 'a')).toEqual(['add', 'accept']);
  expect(offered('busbar', 'transactions', 'close', 'CS-1', 'X', '--rea')).toEqual(['--reason']);
  expect(offered('busbar', 'stations', '--state', 'un')).toEqual(['unapproved']);
  expect(offered('busbar', 'variables', '')).toEqual(expect.arrayContaining(['list', 'get', 'set']));
});
test('another shell is refused', () => {
  expect(() => shellOf('tcsh')).toThrow('completion knows bash, zsh, fish, not tcsh.');
});
