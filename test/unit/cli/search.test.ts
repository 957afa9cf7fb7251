/** Filters on the command line: what they take, where their words stand, and what is said of one that is none. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { open, UsageError } from '../../../src/cli/api.ts';
import { espalier } from '../../helpers/espalier.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = (id: string, reward: number, said: string): string =>
  `${JSON.stringify({
    id,
    task_id: `task-${id}`,
    reward,
    messages: [
      { role: 'user', content: 'Water the beds.' },
      { role: 'assistant', content: said },
    ],
  })}\n`;
const LOG =
  record('a', 0, 'Connection refused.\u001b[31m Refused again.') + record('b', 1, 'All beds have water.') + record('c', 0, 'No water.');
const log = join(folder, 'log.jsonl');
writeFileSync(log, LOG);

const run = (...args: readonly string[]) => espalier(args);

it('prints each place with its file, line and rollout, and nothing that steers a terminal', () => {
  const { status, stdout } = run('search', log, 'refused');
  expect(status).toBe(0);
  expect(stdout.split('\n')).toEqual([
    'log.jsonl:1: a: Connection refused.\\x1b[31m Refused again.',
    'log.jsonl:1: a: Connection refused.\\x1b[31m Refused again.',
    '',
  ]);
});

it('prints rollouts where the filter has no words, and answers 1 where there are none', () => {
  expect(run('search', log, 'failed').stdout).toBe('log.jsonl:1: a\nlog.jsonl:3: c\n');
  expect(run('search', log, 'reward>1')).toMatchObject({ status: 1, stdout: '' });
});

it('prints places as JSON', () => {
  const lines = run('search', log, '/wat(er)/ solved', '--json').stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { file: 'log.jsonl', line: 2, rollout: 'b', task: 'task-b', total: 1, event: 1, part: 0, role: 'assistant', kind: 'text' },
  ]);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ start: 14, end: 19, before: 'All beds have ', match: 'water', after: '.' });
});

it.each([
  ['reward<', 'espalier: FILTER: expected a number after <, found the end, at character 1 of reward<\n'],
  ['rewards<1', 'espalier: rewards<1: there is no column rewards; near it: reward\n'],
])('refuses %s', (filter, stderr) => {
  expect(run('search', log, filter)).toMatchObject({ status: 2, stdout: '', stderr });
});

it('ends a regular expression that finds no end', () => {
  const hanging = join(folder, 'hanging.jsonl');
  writeFileSync(hanging, record('a', 0, `${'a'.repeat(60)}b`));
  expect(run('search', hanging, '/^(a+)+$/')).toMatchObject({
    status: 2,
    stderr: 'espalier: /^(a+)+$/: the search found no end within 5 s in one record of hanging.jsonl\n',
  });
  const out = join(folder, 'endless');
  const pruned = run('prune', hanging, '--where', 'reward:0 /^(a+)+$/', '--budget', '100%', '--out', out);
  expect(pruned.status).toBe(2);
  expect(pruned.stderr).toContain('--keep reward:0 /^(a+)+$/: the search found no end within 5 s in one record of hanging.jsonl\n');
  expect(existsSync(out)).toBe(false);
});

it('counts what a filter takes in inspect, and lists only that in tasks', () => {
  const { where } = JSON.parse(run('inspect', log, '--json', '--where', 'water').stdout) as { where: unknown };
  expect(where).toEqual({ filter: 'water', rollouts: 3, of: 3, tasks: 3, places: 5, files: { 'log.jsonl': 3 } });
  const rows = run('tasks', log, '--where', 'id:c').stdout.trim().split('\n');
  expect(rows.map((row) => (JSON.parse(row) as { rollout: string }).rollout)).toEqual(['c']);
});

it('writes with --where what --keep writes', () => {
  const write = (flag: string): Map<string, Buffer> => {
    const out = join(folder, flag);
    expect(run('prune', log, `--${flag}`, 'solved or refused', '--budget', '100%', '--out', out).stderr).not.toContain('espalier:');
    return new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]));
  };
  const kept = write('keep');
  expect(kept.size).toBeGreaterThan(1);
  expect(write('where')).toEqual(kept);
});

it('answers in the library too', async () => {
  const dataset = await open([{ name: 'log.jsonl', bytes: new TextEncoder().encode(LOG) }]);
  expect(await dataset.where('reward<1 water')).toMatchObject({
    of: 3,
    rollouts: [
      { rollout: 'a', total: 1 },
      { rollout: 'c', total: 2 },
    ],
  });
  await expect(dataset.where('nothing:1')).rejects.toThrow(UsageError);
});
