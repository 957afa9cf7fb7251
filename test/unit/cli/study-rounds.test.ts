/** `espalier study rounds`: the session's figures as text and JSON, and what is said where nothing tells rounds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { open } from '../../../src/cli/api.ts';
import type { RoundsAnswer } from '../../../src/engine/answers/rounds.ts';
import { espalier } from '../../helpers/espalier.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = (n: number, task: string, round: number, reward: number): string =>
  `${JSON.stringify({
    id: `r${n}`,
    task_id: task,
    round,
    reward,
    messages: [
      { role: 'user', content: task },
      { role: 'assistant', content: `a${n}` },
    ],
  })}\n`;
const log = join(folder, 'log.jsonl');
writeFileSync(
  log,
  ['a', 'b', 'c', 'd']
    .flatMap((task, t) => [0, 1, 2, 3].map((n) => record(4 * t + n, task, n < 3 ? 1 : 2, Number(n === 3 ? t > 1 : t === 0))))
    .join(''),
);

it('prints what the session answers', async () => {
  const { status, stdout } = espalier(['study', 'rounds', log, '--json']);
  expect(status).toBe(0);
  const answer = await (await open(log)).studies.rounds({ by: null });
  const printed = JSON.parse(stdout) as RoundsAnswer;
  expect(printed).toEqual(JSON.parse(JSON.stringify(answer)));
  expect(printed.rounds.map(({ newly }) => newly)).toEqual([1, 2]);
  const text = espalier(['study', 'rounds', log, '--by', 'field.round']).stdout;
  expect(text).toContain('* field.round: field round, 2 rounds of 16 rollouts, 4 tasks in two rounds or more');
  expect(text).toContain('newly solved: 2 tasks of 4, 50.0\u202f% (');
  expect(text).toContain('2 rounds × 1 against 1 × 2: 75.0 % and 25.0 %, difference 50.0\u202f% (');
  expect(text).toContain('one round of as many rollouts: unknown');
});

it('refuses what tells no rounds, and names what does', () => {
  const { status, stderr } = espalier(['study', 'rounds', log, '--by', 'policy']);
  expect(status).toBe(2);
  expect(stderr).toContain('no policy tells rounds here; what does: field.round');
  const plain = join(folder, 'plain.jsonl');
  writeFileSync(plain, '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}\n');
  const nothing = espalier(['study', 'rounds', plain]);
  expect(nothing.status).toBe(1);
  expect(nothing.stdout).toContain('Nothing tells two rounds');
});
