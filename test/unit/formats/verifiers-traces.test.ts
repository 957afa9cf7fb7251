/** Traces of verifiers v1: every leaf ends a branch, and per-token columns land on the sampled ids. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rollout } from '../../../src/core/model/rollout.ts';
import { verifiersTraces } from '../../../src/formats/verifiers-traces.ts';
import { openBytes } from './open.ts';
import { countTrie, idRows } from './tokenised.ts';

const CONTEXT = { name: 'traces.jsonl', path: 'traces.jsonl', index: 0, line: 1 };
const decode = (record: unknown): Rollout => {
  const [entry] = verifiersTraces.decode(record, CONTEXT);
  if (!entry?.ok) throw new Error(JSON.stringify(entry));
  return entry.rollout;
};

describe('a graph of messages', () => {
  it('gives one branch per leaf, and each spells its path from the root', () => {
    const graph = fc
      .array(fc.nat(), { minLength: 1, maxLength: 25 })
      .map((seeds) => seeds.map((seed, n) => (n === 0 || seed % 7 === 0 ? null : seed % n)));
    fc.assert(
      fc.property(graph, (parents) => {
        const nodes = parents.map((parent, n) => ({
          ...(parent === null ? {} : { parent }),
          message: { role: n % 2 === 0 ? 'user' : 'assistant', content: `m${n}` },
          sampled: n % 2 === 1,
          token_ids: [n, n],
          mask: [false, n % 2 === 1],
        }));
        const paths = parents.flatMap((_, leaf) => {
          if (parents.includes(leaf)) return [];
          const path: number[] = [];
          for (let n: number | null = leaf; n !== null; n = parents[n] ?? null) path.unshift(n, n);
          return [path];
        });
        expect(idRows([decode({ id: 'g', nodes, rewards: {} })])).toEqual(paths);
      }),
      { numRuns: 200 },
    );
  });

  it('puts compact columns on the sampled ids', () => {
    const node = {
      message: { role: 'assistant', content: 'ab' },
      sampled: true,
      token_ids: [1, 2, 3],
      mask: [false, true, true],
      logprobs: [-1, -2],
      entropies: [0.5, 0.25],
      advantages: [1, 1],
    };
    const { tokens } = decode({ nodes: [node], rewards: {} }).branches[0].events[0];
    expect(Array.from(tokens!.logprobs!)).toEqual([Number.NaN, -1, -2]);
    expect(Array.from(tokens!.entropy!)).toEqual([Number.NaN, 0.5, 0.25]);
    expect(Array.from(tokens!.advantages!)).toEqual([Number.NaN, 1, 1]);
  });

  it('tells a reward of 0 from none', () => {
    const nodes = [{ message: { role: 'user', content: 'x' } }];
    expect(decode({ nodes, rewards: { a: { score: 0, weight: 1 } } }).reward).toBe(0);
    expect(decode({ nodes, rewards: { a: null } }).reward).toBeNull();
    expect(decode({ nodes, rewards: { a: { score: 2, weight: 0.5 }, b: null, c: { score: -1 } } }).reward).toBe(0);
  });
});

interface TaskFigures {
  readonly key: string;
  readonly rollouts: number;
  readonly trajectories: number;
  readonly flatTokens: number;
  readonly distinctTokens: number;
  readonly sampledTokens: number;
  readonly meanTrajectoryEntropy: number;
  readonly meanTrajectorySurprisal: number;
  readonly compactions: number;
  readonly scoredRollouts: number;
  readonly meanReward: number;
}

const SAMPLES = fileURLToPath(new URL('../../../public/samples/', import.meta.url));

describe('the sample that we ship', async () => {
  const { tasks }: { tasks: TaskFigures[] } = JSON.parse(readFileSync(`${SAMPLES}orchard.expected.json`, 'utf8'));
  const opened = await openBytes(readFileSync(`${SAMPLES}orchard.jsonl`), 'orchard.jsonl');
  const rollouts = opened.decoded.flatMap((entry) => (entry.ok ? [entry.rollout] : []));

  it('opens without a complaint or a note, by the key of its format', () => {
    expect(opened.format?.id).toBe('verifiers-traces');
    expect(opened.decoded.filter((entry) => !entry.ok || entry.notes !== undefined)).toEqual([]);
    expect(new Set(rollouts.map(({ tokenizer }) => tokenizer))).toEqual(new Set(['o200k_base']));
    expect(rollouts.every(({ startedAt }) => startedAt !== undefined)).toBe(true);
    const versions = new Set(
      rollouts.flatMap(({ branches }) =>
        branches.flatMap(({ events }) => events.flatMap(({ sampled, policy }) => (sampled ? [policy] : []))),
      ),
    );
    expect(versions).toEqual(new Set(['40', '41']));
  });

  it.each(tasks)("has the generator's figures for $key", (figures) => {
    const own = rollouts.filter(({ task }) => task === `orchard:${figures.key}`);
    const branches = own.flatMap((rollout) => rollout.branches);
    expect(own.length).toBe(figures.rollouts);
    expect(branches.length).toBe(figures.trajectories);
    expect(branches.filter(({ cause }) => cause === 'compaction').length).toBe(figures.compactions);
    expect(countTrie(idRows(own))).toEqual({ flat: figures.flatTokens, distinct: figures.distinctTokens });
    let sampled = 0;
    let entropy = 0;
    let surprisal = 0;
    for (const { events } of branches)
      for (const { tokens } of events) {
        for (let i = 0; i < tokens!.ids!.length; i++) {
          if (tokens!.mask![i] !== 1) continue;
          sampled++;
          entropy += tokens!.entropy![i];
          surprisal -= tokens!.logprobs![i];
        }
      }
    expect(sampled).toBe(figures.sampledTokens);
    expect(entropy / branches.length).toBeCloseTo(figures.meanTrajectoryEntropy, 3);
    expect(surprisal / branches.length).toBeCloseTo(figures.meanTrajectorySurprisal, 3);
    const scored = own.filter(({ reward }) => reward !== null);
    expect(scored.length).toBe(figures.scoredRollouts);
    expect(scored.reduce((sum, { reward }) => sum + reward!, 0) / scored.length).toBeCloseTo(figures.meanReward, 9);
  });
});
