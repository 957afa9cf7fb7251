import fc from 'fast-check';
import { expect, it } from 'vitest';
import { repeatsOf } from '../../../../src/core/rollouts/repeats.ts';
import { openDataset } from '../../../helpers/openDataset.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

type Said = readonly string[];
const line = (id: string, said: Said, policy: string | number): string =>
  `${JSON.stringify({
    id,
    task_id: 'one',
    policy_version: policy,
    messages: [
      { role: 'user', content: 'Go.' },
      ...said.flatMap((content) => [
        { role: 'assistant', content },
        { role: 'user', content: 'On.' },
      ]),
    ],
  })}\n`;
const open = async (lines: readonly string[]) => (await openSession([inputFile('a.jsonl', lines.join(''))])).session;

it('tells copies after a restart and parts of what went on, not chance', async () => {
  const session = await open([
    line('a', ['x'], 3),
    line('b', ['y'], 3),
    line('b', ['y'], 3),
    // The same words by another rollout are no copy.
    line('c', ['y'], 4),
    // Paused for new weights, and went on under them.
    line('a', ['x', 'z'], '3-5'),
  ]);
  const { columns } = session.rollouts();
  const column = (id: string) => columns.find((each) => each.id === id);
  const repeat = column('repeat');
  expect(repeat?.type === 'text' && Array.from(repeat.codes, (code) => repeat.words[code] ?? '')).toEqual(['part', '', 'copy', '', '']);
  const lag = column('lag');
  expect(lag?.type === 'number' && [...lag.values]).toEqual([2, 2, 2, 1, 2]);
  const staleness = column('staleness');
  expect(staleness?.type === 'number' && [...staleness.values]).toEqual([0, 0, 0, 0, 2]);
});

it('has no such columns where nothing is repeated and all are of one version', async () => {
  const { columns } = (await open([line('a', ['x'], 3), line('b', ['x'], 3)])).rollouts();
  expect(columns.map(({ id }) => id).filter((id) => ['repeat', 'lag', 'staleness'].includes(id))).toEqual([]);
});

it('tells what comparing all texts tells', async () => {
  const rollout = fc.record({ id: fc.constantFrom('a', 'b'), said: fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(rollout, { minLength: 1, maxLength: 7 }), async (given) => {
      const lines = given.map(({ id, said }) => line(id, said, 1));
      const dataset = await openDataset([inputFile('a.jsonl', lines.join(''))]);
      const texts = given.map(({ said }) => `${said.join('/')}/`);
      const expected = given.map(({ id }, r) => {
        const others = given.map((each, o) => ({ o, isSame: each.id === id, text: texts[o] ?? '' })).filter(({ isSame }) => isSame);
        if (others.some(({ o, text }) => o < r && text === texts[r])) return 'copy';
        return others.some(({ text }) => text !== texts[r] && text.startsWith(texts[r] ?? '')) ? 'part' : null;
      });
      expect(repeatsOf(dataset.tokens.forest, dataset.tokens.rollouts)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
}, 60_000);
