/** What acts leave to train, token by token, against flat training of what a slow reading of the same lines leaves. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Act, ActVerb } from '../../../src/core/acts/act.ts';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

interface Said {
  readonly id: string;
  readonly task: string;
  readonly answers: readonly string[];
  readonly reward: number | null;
}

const rollouts: fc.Arbitrary<Said[]> = fc
  .array(
    fc.record({
      task: fc.constantFrom('pears', 'plums'),
      answers: fc.array(fc.constantFrom('Yes.', 'No.', 'It is ripe.'), { minLength: 1, maxLength: 3 }),
      reward: fc.constantFrom(0, 0.1, 0.3, 1, null),
    }),
    { minLength: 2, maxLength: 8 },
  )
  .map((list) => list.map((each, at) => ({ ...each, id: `r${at}` })));

/** Filters with what they mean. */
const FILTERS: readonly (readonly [text: string, takes: (rollout: Said) => boolean])[] = [
  ['reward<0.3', ({ reward }) => reward !== null && reward < 0.3],
  ['-rewarded', ({ reward }) => reward === null],
  ['task:pears', ({ task }) => task === 'pears'],
  ['id:r1 or id:r3', ({ id }) => id === 'r1' || id === 'r3'],
  ['solved', ({ reward }) => reward !== null && reward > 0],
  ['ripe', ({ answers }) => answers.includes('It is ripe.')],
];

const lines = fc.array(
  fc.record({
    verb: fc.constantFrom<ActVerb>('drop', 'untrained', 'pin', 'favour', 'keep'),
    filter: fc.nat(FILTERS.length - 1),
    isOn: fc.boolean(),
  }),
  { maxLength: 4 },
);

/** By reading the lines one by one for each rollout. */
function leftOf(list: readonly Said[], acts: readonly { verb: ActVerb; filter: number; isOn: boolean }[]) {
  return list.map((rollout) => {
    let last: ActVerb | null = null;
    let written = true;
    for (const { verb, filter, isOn } of acts) {
      const takes = FILTERS[filter]![1](rollout);
      if (!isOn) continue;
      if (verb === 'keep') written &&= takes;
      else if (takes) last = verb;
    }
    return { dropped: last === 'drop', untrained: last === 'untrained', written };
  });
}

const logOf = (list: readonly Said[]): string =>
  list
    .map(({ id, task, answers, reward }) => {
      const messages = answers.flatMap((content, turn) => [
        { role: 'user', content: `${task} ${turn}?` },
        { role: 'assistant', content },
      ]);
      return `${JSON.stringify({ id, task_id: task, messages, ...(reward === null ? {} : { reward }) })}\n`;
    })
    .join('');

interface TokensRecord {
  readonly task: string;
  readonly rollout: string;
  readonly input_ids: number[];
  readonly weight: number[];
  readonly advantage?: number[];
}

async function exported(list: readonly Said[], acts: readonly Act[], cut = 1) {
  const { session } = await openSession([inputFile('log.jsonl', logOf(list))]);
  const rule: PruneRule = { ...DEFAULT_RULE, mode: 'rl', advantage: 'dr-grpo', acts };
  const { orderId, acts: answer } = await session.makeOrder(rule);
  const sink = memorySink();
  const spec = exportSpec('tokens', 'forest');
  await session.export(orderId, { cut, train: 1 }, spec, sink, () => undefined);
  return {
    answer,
    keep: session.keep(orderId, { cut, train: 1 }),
    records: linesOf(sink.files.get('tokens.jsonl')) as unknown as TokensRecord[],
    manifest: JSON.parse(sink.files.get('manifest.json') ?? '{}') as Record<string, unknown>,
    forest: linesOf(sink.files.get('forest.jsonl')) as unknown as {
      task: string;
      parent: number[];
      token_ids: number[][];
      trajectories: { leaf: number; rollout: string; reward: number | null; sampled: number[] }[];
    }[],
  };
}

const prefixesOf = (task: string, ids: readonly number[], at: number): string => `${task} ${ids.slice(0, at + 1).join(' ')}`;

it('trains each token as flat training of what remains does, with the advantages of the groups as they were sampled', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(rollouts, lines, async (list, stack) => {
      const left = leftOf(list, stack);
      const acts = stack.map(({ verb, filter, isOn }): Act => ({ verb, where: FILTERS[filter]?.[0] ?? '', isOn }));
      const { records, forest, answer } = await exported(list, acts);
      expect(answer.lines.map(({ rollouts: found }) => found)).toEqual(
        // Words of a line that is off are not looked for.
        stack.map(({ filter, isOn }) => (filter === 5 && !isOn ? 0 : list.filter((rollout) => FILTERS[filter]?.[1](rollout)).length)),
      );
      expect(answer.rollouts).toMatchObject({
        total: list.length,
        dropped: left.filter(({ dropped }) => dropped).length,
        untrained: left.filter(({ untrained }) => untrained).length,
      });
      const flat = new Map<string, { weight: number; gradient: number }>();
      for (const { task, parent, token_ids: runs, trajectories } of forest) {
        const known = trajectories.flatMap(({ reward }) => reward ?? []);
        const mean = known.reduce((sum, reward) => sum + reward, 0) / known.length;
        const trains = trajectories.filter(({ rollout }) => {
          const own = left[list.findIndex(({ id }) => id === rollout)];
          return own !== undefined && !own.dropped && !own.untrained && own.written;
        });
        for (const { leaf, reward, sampled } of trains) {
          const path: number[] = [];
          for (let n = leaf; n >= 0; n = parent[n] ?? -1) path.unshift(n);
          const ids = path.flatMap((n) => runs[n] ?? []);
          for (let i = 0; i < sampled.length; i += 2) {
            for (let at = sampled[i] ?? 0; at < (sampled[i + 1] ?? 0); at++) {
              const sums = flat.get(prefixesOf(task, ids, at)) ?? { weight: 0, gradient: 0 };
              sums.weight += 1 / trains.length;
              sums.gradient += (reward === null ? 0 : reward - mean) / trains.length;
              flat.set(prefixesOf(task, ids, at), sums);
            }
          }
        }
      }
      const found = new Map<string, { weight: number; gradient: number }>();
      for (const { task, rollout, input_ids: ids, weight, advantage } of records) {
        const own = left[list.findIndex(({ id }) => id === rollout)];
        expect(own).toEqual({ dropped: false, untrained: false, written: true });
        for (const [at, each] of weight.entries()) {
          if (each === 0) continue;
          const sums = found.get(prefixesOf(task, ids, at)) ?? { weight: 0, gradient: 0 };
          sums.weight += each;
          sums.gradient += each * (advantage?.[at] ?? 0);
          found.set(prefixesOf(task, ids, at), sums);
        }
      }
      expect([...found.keys()].sort()).toEqual([...flat.keys()].sort());
      for (const [key, { weight, gradient }] of flat) {
        expect(found.get(key)?.weight).toBeCloseTo(weight, 9);
        expect(found.get(key)?.gradient).toBeCloseTo(gradient, 9);
        compared++;
      }
    }),
    { numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(300);
}, 120_000);

it('prunes a log of which rollouts were dropped as it prunes a log without their lines', async () => {
  await fc.assert(
    fc.asyncProperty(rollouts, fc.nat(3), fc.constantFrom(0.3, 0.6, 1), async (list, filter, cut) => {
      const [where, takes] = FILTERS[filter]!;
      const { records, keep } = await exported(list, [{ verb: 'drop', where, isOn: true }], cut);
      expect(keep.cost.kept).toBeLessThanOrEqual(cut * keep.cost.total + 1e-9);
      expect(records.every(({ rollout }) => !list.some((each) => each.id === rollout && takes(each)))).toBe(true);
      const rest = list.filter((rollout) => !takes(rollout));
      if (rest.length === 0) {
        expect(records).toEqual([]);
        return;
      }
      const without = await exported(rest, [], cut);
      // Where a dropped rollout ended or parted, nodes keep their ends: cuts inside such a path may be finer.
      expect(keep.cost.total).toBe(without.keep.cost.total);
      expect(keep.flat.before).toBe(without.keep.flat.before);
      expect(keep.rollouts.total).toBe(rest.length);
      if (cut < 1) return;
      const plain = (all: readonly TokensRecord[]) => all.map(({ rollout, input_ids: ids, weight }) => ({ rollout, ids, weight }));
      expect(plain(records)).toEqual(plain(without.records));
    }),
    { numRuns: 40 },
  );
}, 120_000);

it('writes the best of each task among what the lines above leave, and says what every line named', async () => {
  const list = [1, 0.3, 1, 0.1, null].map((reward, at): Said => ({ id: `r${at}`, task: 'pears', answers: [`Answer ${at}.`], reward }));
  const best = async (acts: readonly Act[]) => {
    const { records, manifest } = await exported(list, acts);
    return { written: records.map(({ rollout }) => rollout).sort(), manifest };
  };
  const two = { verb: 'best', count: 2, isOn: true } as const;
  const drop = { verb: 'drop', where: 'id:r0', isOn: true } as const;
  expect((await best([two])).written).toEqual(['r0', 'r2']);
  expect((await best([drop, two])).written).toEqual(['r1', 'r2']);
  // Said later, it takes from what was chosen before.
  expect((await best([two, drop])).written).toEqual(['r2']);
  expect((await best([{ ...two, count: 9 }])).written).toEqual(['r0', 'r1', 'r2', 'r3']);
  expect((await best([{ ...drop, isOn: false }, two])).written).toEqual(['r0', 'r2']);
  const { manifest } = await best([drop, { ...two, name: 'the best two' }]);
  expect(manifest['acts']).toEqual({
    lines: [
      { verb: 'drop', where: 'id:r0', is_on: true, matched_rollouts: 1, overruled: 0, elsewhere: 0 },
      { verb: 'best', count: 2, name: 'the best two', is_on: true, matched_rollouts: 5, overruled: 3, elsewhere: 0 },
    ],
    rollouts: { total: 5, dropped: 1, untrained: 0, written: 2 },
    excluded_nodes: 1,
    advantages: 'of the groups as they were sampled, before anything was dropped',
  });
  expect((manifest['settings'] as { rule: PruneRule }).rule.acts).toEqual([drop, { ...two, name: 'the best two' }]);
});
