/** `espalier study coverage` and `--tags`: tags as a file out of one command and into others. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { toyLog, toyTasks } from '../../helpers/axes.ts';
import { espalier } from '../../helpers/espalier.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const log = join(folder, 'log.jsonl');
const tags = join(folder, 'tags.csv');
writeFileSync(log, toyLog(toyTasks({ python: 4, rust: 2 })));

interface Printed {
  readonly total: object;
  readonly tasks: readonly { readonly task: string; readonly tags: { readonly language: object } }[];
}

it('guesses, and prints tags that other commands take', () => {
  const made = espalier(['study', 'coverage', log, '--tags-csv']);
  expect(made.status).toBe(0);
  expect(made.stdout.split('\n')).toHaveLength(20);
  writeFileSync(tags, made.stdout.replace('rust-1,language,rust,guess', 'rust-1,language,go,hand'));
  const { stdout } = espalier(['study', 'coverage', log, '--tags', tags, '--no-guesses', '--json']);
  const printed = JSON.parse(stdout) as Printed;
  expect(printed.total).toMatchObject({ tasks: 6, rollouts: 6 });
  const of = Object.fromEntries(printed.tasks.map((task) => [task.task, task.tags.language]));
  expect(of['rust-1']).toMatchObject({ tag: 'go', source: 'hand', guess: 'rust' });
  expect(of['rust-0']).toMatchObject({
    tag: 'rust',
    source: 'guess',
    why: '1 of 1 files edited end in .rs; 1 of 1 mentions of files end in .rs',
  });
  const text = espalier(['study', 'coverage', log, '--tags', tags, '--rows', 'language']).stdout;
  expect(text).toContain('language: 1 by hand, 0 of a file, 5 guesses taken over, 0 guessed, 0 unknown');
  expect(text).toContain('Go: 1 task, 1 rollout,');
  expect(espalier(['study', 'coverage', log, '--csv']).stdout).toContain('bug-fixing,database-systems,6,6,');
});

it('lets filters and a mix rest on tags of a file', () => {
  const found = espalier(['rollouts', log, '--tags', tags, '--where', 'language:go', '--json']);
  expect(found.stdout).toContain('rust-1');
  expect(found.stdout).not.toContain('rust-0');
  const out = join(folder, 'out');
  const flags = [
    '--preset',
    'none',
    '--budget',
    '100%',
    '--export',
    'tokens',
    '--tags',
    tags,
    '--mix-by',
    'language',
    '--mix',
    'python=1,go=1',
  ];
  const { status, stderr } = espalier(['prune', log, ...flags, '--out', out]);
  expect(status).toBe(0);
  expect(stderr).toContain('mix python: 2 of 4 tasks, 66.7 % of tasks, asked for 50.0 %');
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { totals: { mix: { dropped_tasks: number } } };
  expect(manifest.totals.mix.dropped_tasks).toBe(3);
});

it('refuses with a sentence what is wrong', () => {
  const wrong = join(folder, 'wrong.csv');
  writeFileSync(wrong, 'task,axis,tag\na,language,klingon\n');
  expect(espalier(['study', 'coverage', log, '--tags', wrong])).toMatchObject({ status: 2 });
  expect(espalier(['study', 'coverage', log, '--tags', wrong]).stderr).toContain('line 2: expected a tag of language');
  expect(espalier(['study', 'coverage', log, '--rows', 'scenario', '--columns', 'scenario']).stderr).toContain('two axes');
  const weighed = [
    'prune',
    log,
    '--preset',
    'none',
    '--budget',
    '1',
    '--export',
    'trl-messages',
    '--mix-by',
    'language',
    '--mix-way',
    'weight',
  ];
  const { status, stderr } = espalier([...weighed, '--out', join(folder, 'never')]);
  expect(stderr).toContain('cannot say the weights of a mix');
  expect(status).toBe(2);
  expect(
    espalier(['prune', log, '--stream', '--preset', 'none', '--budget', '1', '--mix-by', 'language', '--out', join(folder, 'never')])
      .stderr,
  ).toContain('--mix-by');
});
