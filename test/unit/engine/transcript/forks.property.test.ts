/** Forks against an oracle that compares whole token sequences; what is kept and trained against the verbs that know it by node. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nodeKeyOf } from '../../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { ForkWay, Transcript, TranscriptFork } from '../../../../src/engine/answers/transcript.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const word = fc.constantFrom('dig', 'dig deep', 'rest', 'water the bed');
const rollout = fc.record({
  ask: fc.constantFrom('go', 'stop'),
  turns: fc.array(fc.tuple(word, word), { maxLength: 3 }),
  last: word,
  reward: fc.option(fc.constantFrom(0, 0.25, 1), { nil: undefined }),
});

async function opened(logs: readonly { ask: string; turns: [string, string][]; last: string; reward: number | undefined }[]) {
  const lines = logs.map(({ ask, turns, last, reward }, id) =>
    JSON.stringify({
      id: String(id),
      task: 'bed',
      reward,
      messages: [
        { role: 'user', content: ask },
        ...turns.flatMap(([say, answer]) => [
          { role: 'assistant', content: say },
          { role: 'user', content: answer },
        ]),
        { role: 'assistant', content: last },
      ],
    }),
  );
  const { session } = await openSession([inputFile('a.jsonl', `${lines.join('\n')}\n`)]);
  const { keys, task } = session.rollouts();
  const ids: number[][] = [];
  for (const key of keys) ids.push([...(await session.transcriptTokens(key, 0, 0, Infinity, null))!.ids]);
  return { session, keys, ids, task };
}

const mean = (values: readonly (number | undefined)[]): number => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
};
const isPrefix = (of: readonly number[], ids: readonly number[], length: number): boolean =>
  of.length >= length && ids.slice(0, length).every((id, i) => of[i] === id);

/** What the forks of trajectory `own` are, from nothing but the sequences. */
function oracle(all: readonly number[][], task: Int32Array, rewards: readonly (number | undefined)[], own: number) {
  const ids = all[own]!;
  const forks = [];
  for (let p = 1; p < ids.length; p++) {
    const here = all.flatMap((other, i) => (task[i] === task[own] && isPrefix(other, ids, p) ? [i] : []));
    const on = here.filter((i) => all[i]![p] === ids[p]);
    if (on.length === here.length) continue;
    const groups = new Map<number, number[]>();
    for (const i of here) if (all[i]!.length > p && all[i]![p] !== ids[p]) groups.set(all[i]![p]!, [...(groups.get(all[i]![p]!) ?? []), i]);
    const ending = here.filter((i) => all[i]!.length === p);
    forks.push({
      at: p,
      together: here.length,
      own: { count: on.length, reward: mean(on.map((i) => rewards[i])) },
      others: [...groups.values()].map((members) => ({ members, count: members.length, reward: mean(members.map((i) => rewards[i])) })),
      ending: ending.length,
      endingReward: mean(ending.map((i) => rewards[i])),
    });
  }
  return forks;
}

const inOrder = (ways: readonly { count: number; reward: number }[]) =>
  ways
    .map(({ count, reward }) => ({ count, reward }))
    .toSorted((a, b) => b.count - a.count || (Number.isNaN(a.reward) ? -1 : a.reward) - (Number.isNaN(b.reward) ? -1 : b.reward));

it('says at each fork how many were together, and how many of each reward went where', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(rollout, { minLength: 1, maxLength: 7 }), async (logs) => {
      const { session, keys, ids, task } = await opened(logs);
      const rewards = logs.map(({ reward }) => reward);
      for (const [own, key] of keys.entries()) {
        const shown = (await session.transcript(key, 0, null))!;
        const forks = await session.transcriptForks(key, 0, 0, 100);
        const expected = oracle(ids, task, rewards, own);
        expect(forks.map(({ step }) => shown.path.start[step + 1])).toEqual(expected.map(({ at }) => at));
        expect([...shown.forks]).toEqual(forks.map(({ step }) => step));
        forks.forEach((fork, i) => {
          const { at, together, own: mine, others, ending, endingReward } = expected[i]!;
          expect(fork).toMatchObject({ together, own: mine, ending, endingReward, moreWays: 0, moreCount: 0 });
          expect(inOrder(fork.others)).toEqual(inOrder(others));
          for (const way of fork.others) {
            const there = ids[keys.indexOf(way.rollout)]!;
            expect(others.find(({ members }) => members.includes(keys.indexOf(way.rollout)))?.count).toBe(way.count);
            expect(isPrefix(there, ids[own]!, at)).toBe(true);
          }
        });
        expect(await session.transcriptForks(key, 0, 1, 1)).toEqual(forks.slice(1, 2));
      }
    }),
    { numRuns: 40 },
  );
});

it('tells six ways apart, the most frequent first, and counts the others', async () => {
  const says = ['a', 'b', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'h', 'h'];
  const { session, keys } = await opened(says.map((last) => ({ ask: 'go', turns: [], last, reward: 1 })));
  const [fork] = (await session.transcriptForks(keys[0]!, 0, 0, 1)) as [TranscriptFork];
  expect(fork.others.map(({ count }: ForkWay) => count)).toEqual([3, 2, 1, 1, 1, 1]);
  expect(fork.others.slice(0, 2).map(({ words }: ForkWay) => words?.slice(0, 1))).toEqual(['h', 'b']);
  expect(fork).toMatchObject({ together: 11, own: { count: 1 }, moreWays: 1, moreCount: 1 });
});

it('agrees with the inspector on what of a path is kept, and names the first node that is not', async () => {
  const logs = ['dig', 'rest', 'water', 'dig deep'].map((last, i) => ({
    ask: 'go',
    turns: [['dig', 'on']] as [string, string][],
    last,
    reward: i,
  }));
  const { session, keys } = await opened(logs);
  const { orderId } = session.order(DEFAULT_RULE);
  for (const cut of [0, 0.4, 0.7, 1]) {
    const budget = { cut, train: 0.5 };
    for (const key of keys) {
      const shown = (await session.transcript(key, 0, null))!;
      const state = session.transcriptState(orderId, budget, key, 0)!;
      const nodes = Array.from(shown.path.kind, (_, step) => session.node(orderId, budget, nodeKeyOf(shown.path.keys, step))!);
      expect([...state.kept]).toEqual(nodes.map(({ why }) => (why.kept ? 1 : 0)));
      expect(state.cutStep).toBe(nodes.findIndex(({ why }) => !why.kept));
      expect(state.why).toEqual(nodes[state.cutStep]?.why ?? null);
      nodes.forEach(({ why, sampled, tokens }, step) => {
        if (!sampled) expect(state.trained[step]).toBeNaN();
        else expect(state.trained[step]! * tokens).toBeCloseTo(why.loss?.trained ?? 0, 4);
      });
      await weightsAgree(session, orderId, budget, key, shown);
    }
  }
});

async function weightsAgree(
  session: Session,
  orderId: number,
  budget: { cut: number; train: number },
  key: string,
  shown: Transcript,
): Promise<void> {
  const { weight } = (await session.transcriptTokens(key, 0, 0, Infinity, { orderId, budget }))!;
  for (let step = 0; step < shown.path.length; step++) {
    const own = session.tokenWeights(orderId, budget, nodeKeyOf(shown.path.keys, step));
    const part = weight.slice(shown.path.start[step], shown.path.start[step + 1]);
    expect([...part]).toEqual(own === null ? Array.from(part, () => NaN) : [...own]);
  }
}
