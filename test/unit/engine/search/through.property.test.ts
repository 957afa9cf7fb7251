/** `through:KEY` against an oracle that walks every trajectory from its end to the root, in both trees; and what is no key. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { completeFilter } from '../../../../src/core/filter/complete.ts';
import { nodeKeyOf } from '../../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const word = fc.constantFrom('dig', 'dig deep', 'rest', 'water');
const rollout = fc.record({ task: fc.constantFrom('bed', 'well'), said: fc.array(word, { minLength: 1, maxLength: 4 }) });

it('takes the rollouts that pass the node', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(rollout, { minLength: 1, maxLength: 8 }), async (logs) => {
      const lines = logs.map(({ task, said }, id) => {
        const turns = said.flatMap((content) => [
          { role: 'assistant', content },
          { role: 'user', content: 'and?' },
        ]);
        return JSON.stringify({ id: String(id), task, messages: [{ role: 'user', content: 'go' }, ...turns] });
      });
      const { session } = await openSession([inputFile('a.jsonl', `${lines.join('\n')}\n`)]);
      const { keys } = session.rollouts();
      // rollout -> keys of the nodes on its way, of the token tree by its transcript
      const passes = await Promise.all(
        keys.map(async (key) => {
          const { path } = (await session.transcript(key, 0, null))!;
          return new Set(Array.from({ length: path.length }, (_, step) => nodeKeyOf(path.keys, step)));
        }),
      );
      const { orderId } = session.order(DEFAULT_RULE);
      const shapes = (['tokens', 'actions'] as const).flatMap((view) =>
        Array.from({ length: session.tasks().key.length }, (_, task) => session.shape(orderId, task, view)),
      );
      for (const { view, length, keys: nodes, reachCount } of shapes)
        for (let n = 0; n < length; n++) {
          const key = nodeKeyOf(nodes, n);
          const answer = await session.where(`through:${key}`, null, () => undefined);
          if (!answer.ok) throw new Error(answer.fault);
          if (view === 'tokens') expect([...answer.taken]).toEqual(passes.map((own) => (own.has(key) ? 1 : 0)));
          else expect(answer.count).toBe(reachCount[n]);
          const { acts } = session.order({ ...DEFAULT_RULE, acts: [{ verb: 'drop', where: `through:${key}`, isOn: true }] });
          expect(acts.rollouts.dropped).toBe(answer.count);
        }
    }),
    { numRuns: 8 },
  );
}, 60_000);

it('takes nobody through a node that the log lacks, joins with other terms, and says what is no key', async () => {
  const { session } = await openSession([
    inputFile(
      'a.jsonl',
      `${JSON.stringify({
        reward: 1,
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
        ],
      })}\n`,
    ),
  ]);
  const ask = (text: string) => session.where(text, null, () => undefined);
  const shape = session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens');
  const key = nodeKeyOf(shape.keys, 0);
  expect(await ask(`through:${key} reward>0`)).toMatchObject({ count: 1 });
  expect(await ask(`-through:${key}`)).toMatchObject({ count: 0 });
  expect(await ask(`through:${key.toUpperCase()}`)).toMatchObject({ count: 1 });
  expect(await ask('through:0000000000000000')).toMatchObject({ ok: true, count: 0 });
  for (const wrong of ['through:12', 'through:*', 'through>3', `through!=${key}`])
    expect(await ask(wrong)).toMatchObject({
      ok: false,
      fault: 'expected through:KEY, with the key of a node: 16 hexadecimal digits',
      from: 0,
    });
  const [offer] = completeFilter('thr', 3, session.rollouts());
  expect(offer).toMatchObject({ text: 'through:', from: 0, to: 3 });
});
