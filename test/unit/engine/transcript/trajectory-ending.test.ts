/** Trajectories by where they end, in both trees: each is found once, and is the rollout that ends there. */
import { expect, it } from 'vitest';
import { nodeKeyOf } from '../../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const said = (id: string, ...answers: string[]): string => {
  const turns = answers.map((content, i) => ({ role: i % 2 === 0 ? 'assistant' : 'user', content }));
  return `${JSON.stringify({ id, task: 'bed', messages: [{ role: 'user', content: 'go' }, ...turns] })}\n`;
};

it('finds every trajectory of a task once', async () => {
  const log = said('a', 'dig') + said('b', 'dig', 'and?', 'rest') + said('c', 'dig') + said('d', 'water');
  const { session } = await openSession([inputFile('a.jsonl', log)]);
  const { keys } = session.rollouts();
  for (const view of ['tokens', 'actions'] as const) {
    const shape = session.shape(session.order(DEFAULT_RULE).orderId, 0, view);
    const found: string[] = [];
    for (let n = 0; n < shape.length; n++)
      for (let nth = 0; ; nth++) {
        const at = session.trajectoryEnding(view, nodeKeyOf(shape.keys, n), nth);
        if (at === null) break;
        found.push(at.rollout);
        if (view === 'tokens') {
          const path = (await session.transcript(at.rollout, at.branch, null))!.path;
          expect(nodeKeyOf(path.keys, path.length - 1)).toBe(nodeKeyOf(shape.keys, n));
        }
      }
    expect(found.toSorted()).toEqual([...keys].toSorted());
  }
  expect(session.trajectoryEnding('tokens', '0000000000000000', 0)).toBeNull();
});
