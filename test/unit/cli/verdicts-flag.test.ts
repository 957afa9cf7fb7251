import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { judgedBy } from '../../../src/cli/verdicts-flag.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-verdicts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const line = (status: string, ...answers: readonly string[]): string =>
  `${JSON.stringify({
    id: 'a',
    task_id: 'one',
    status,
    messages: answers.flatMap((content) => [
      { role: 'user', content: 'Go.' },
      { role: 'assistant', content },
    ]),
  })}\n`;

async function rewardsBy(text: string): Promise<(number | null)[]> {
  const path = join(folder, 'judged.csv');
  writeFileSync(path, 'id,reward\na,0.5\n');
  const inputs = [inputFile('a.jsonl', text)];
  const { settings } = await judgedBy(DEFAULT_OPEN_SETTINGS, path, inputs);
  const column = (await openSession(inputs, settings)).session.rollouts().columns.find(({ id }) => id === 'reward');
  return column?.type === 'number' ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value)) : [];
}

it('judges by its id a rollout that paused and went on', async () => {
  expect(await rewardsBy(line('aborted', 'One.') + line('completed', 'One.', 'Two.'))).toEqual([0.5]);
  // Two whole ones may both be meant.
  expect(await rewardsBy(line('completed', 'One.') + line('completed', 'One.', 'Two.'))).toEqual([null, null]);
});
