/** Rollouts on the command line: the columns of the page's table, as text, CSV and JSON. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { open } from '../../../src/cli/api.ts';
import { espalier } from '../../helpers/espalier.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = (id: string, reward: number | null, more: object): string =>
  `${JSON.stringify({
    id,
    task_id: `task-${id}`,
    reward,
    ...more,
    messages: [
      { role: 'user', content: 'Go.' },
      { role: 'assistant', content: 'Done.' },
    ],
  })}\n`;
const log = join(folder, 'log.jsonl');
writeFileSync(
  log,
  record('r10', 0.1, { seed: 0.30000000000000004, note: '=1+1' }) +
    record('r2', null, { note: 'a\u001b[31m,b' }) +
    record('r1', 1, { seed: 2 }),
);

const run = (...args: readonly string[]) => espalier(['rollouts', log, ...args]);

it('prints a row for each rollout, with what is known', () => {
  const { status, stdout } = run();
  expect(status).toBe(0);
  expect(stdout.split('\n')[0]?.split(/ +/)).toEqual(
    'task id file reward turns calls errors parallel tokens sampled trajectories'.split(' '),
  );
  expect(
    stdout
      .split('\n')
      .slice(1, 4)
      .map((line) => line.split(/ +/).slice(0, 4)),
  ).toEqual([
    ['task-r10', 'r10', 'log.jsonl', '0.1'],
    ['task-r2', 'r2', 'log.jsonl', '-'],
    ['task-r1', 'r1', 'log.jsonl', '1'],
  ]);
});

it('sorts, filters and writes CSV with every digit, and no formula', () => {
  expect(run('--csv', '--columns', 'id,reward,field.seed,field.note', '--sort', 'reward:desc').stdout).toBe(
    `id,reward,field.seed,field.note\nr1,1,2,\nr10,0.1,0.30000000000000004,'=1+1\nr2,,,"a\\x1b[31m,b"\n`,
  );
  expect(run('--csv', '--columns', 'id', '--sort', 'id').stdout).toBe('id\nr1\nr2\nr10\n');
  expect(run('--csv', '--columns', 'id', '--where', 'reward>0.5').stdout).toBe('id\nr1\n');
  expect(run('--where', 'reward>5')).toMatchObject({ status: 1 });
});

it('prints JSON that names each rollout by its key, as the library does', async () => {
  const lines = run('--json', '--columns', 'id,reward,tool').stdout.trim().split('\n');
  const { keys, table, taken } = await (await open(log)).rollouts('reward>0');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { key: keys[0], id: 'r10', reward: 0.1, tool: [] },
    { key: keys[1], id: 'r2', reward: null, tool: [] },
    { key: keys[2], id: 'r1', reward: 1, tool: [] },
  ]);
  expect([table.length, [...taken]]).toEqual([3, [0, 2]]);
});

it('names the columns where one is asked for that is not there', () => {
  expect(run('--sort', 'rewrad').stderr).toContain('--sort: no column rewrad; here are task, id, file');
  expect(run('--json', '--csv')).toMatchObject({ status: 2 });
});
