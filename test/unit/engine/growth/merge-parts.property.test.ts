import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { GrowingSource } from '../../../../src/engine/input-file.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';
import { sessionState } from '../../../helpers/sessionState.ts';

interface Told {
  readonly id: string;
  readonly said: readonly string[];
  readonly status: string;
  readonly policy: number;
  readonly reward: number | null;
}

const lineOf = ({ id, said, status, policy, reward }: Told): string =>
  `${JSON.stringify({
    id,
    task_id: 'one',
    status,
    policy_version: policy,
    ...(reward === null ? {} : { reward }),
    messages: [
      { role: 'user', content: 'Go.' },
      ...said.flatMap((content) => [
        { role: 'assistant', content },
        { role: 'user', content: 'On.' },
      ]),
    ],
  })}\n`;

const quiet = (): void => undefined;
const told: fc.Arbitrary<Told> = fc.record({
  id: fc.constantFrom('a', 'b'),
  said: fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 3 }),
  status: fc.constantFrom('aborted', 'aborted', 'completed', 'truncated'),
  policy: fc.constantFrom(1, 2, 3),
  reward: fc.constantFrom(null, null, null, 0),
});

/** Records that are merged: comparing all texts of all pairs of a folder. */
function mergedSlowly(records: readonly Told[]): ReadonlySet<number> {
  const text = ({ said }: Told): string => `${said.join('/')}/`;
  const goesOn = (a: Told, b: Told): boolean => text(a) !== text(b) && text(a).startsWith(text(b));
  const isMerged = (record: Told): boolean => {
    const later = records.filter((other) => other.id === record.id && goesOn(other, record) && other.policy >= record.policy);
    if (record.status !== 'aborted' || record.reward !== null || later.length === 0) return false;
    const shortest = later.reduce((a, b) => (text(b).length < text(a).length ? b : a));
    return later.every((other) => text(other).startsWith(text(shortest)));
  };
  return new Set(records.flatMap((record, at) => (isMerged(record) ? [at] : [])));
}

async function stateOf(session: Awaited<ReturnType<typeof openSession>>['session']): Promise<object> {
  const { columns, keys } = session.rollouts();
  return { ...(await sessionState(session)), columns, keys };
}

it('merges the same whether a log comes at once or grows, and what comparing all texts merges', async () => {
  const history = fc.record({
    first: fc.array(told, { maxLength: 3 }),
    steps: fc.array(fc.array(told, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 4 }),
    other: fc.array(told, { minLength: 1, maxLength: 3 }),
    when: fc.nat(3),
    folder: fc.constantFrom('', 'run-2/'),
    isTakenOut: fc.boolean(),
  });
  let merged = 0;
  await fc.assert(
    fc.asyncProperty(history, async ({ first, steps, other, when, folder, isTakenOut }) => {
      const { session } = await openSession([]);
      let text = first.map(lineOf).join('');
      const growing: GrowingSource = { path: 'log.jsonl', now: async () => inputFile('log.jsonl', text) };
      const { name } = await session.follow(growing, quiet);
      const others = inputFile(`${folder}other.jsonl`, other.map(lineOf).join(''));
      for (const [i, step] of steps.entries()) {
        if (i === when) await session.append([others], quiet);
        text += step.map(lineOf).join('');
        await session.poll(name);
      }
      const hasOther = when < steps.length && !isTakenOut;
      if (when < steps.length && isTakenOut) await session.remove(`${folder}other.jsonl`);
      const { session: atOnce } = await openSession([inputFile('log.jsonl', text), ...(hasOther ? [others] : [])]);
      expect(await stateOf(session)).toEqual(await stateOf(atOnce));

      const records = [...first, ...steps.flat(), ...(hasOther ? other : [])];
      const folders = hasOther && folder !== '' ? [[...first, ...steps.flat()], other] : [records];
      const slow = folders.reduce((sum, own) => sum + mergedSlowly(own).size, 0);
      const facts = session.facts();
      expect(facts.repeated.merged).toBe(slow);
      expect(facts.rollouts + facts.repeated.merged).toBe(records.length);
      for (const input of facts.inputs) expect(input.records).toBe(input.rollouts + input.issueCount);
      expect(facts.inputs.reduce((sum, { mergedCount }) => sum + mergedCount, 0)).toBe(slow);
      merged += slow;
    }),
    { numRuns: 80 },
  );
  expect(merged).toBeGreaterThan(10);
}, 300_000);
