/** The logged log-probs and entropies are those of the policy: recomputed from its list of utterances, and by sampling. */
import { describe, expect, it } from 'vitest';
import {
  advance,
  candidates,
  compact,
  emptyState,
  generate,
  makeTasks,
  makeWorld,
  randomStream,
  runTool,
  sample,
  summaryText,
} from '../../../scripts/sample/index.mjs';
import type { Candidate, Played } from '../../../scripts/sample/index.mjs';
import { callsOf, nodesOf, readEpisodes } from './read-sample.ts';

const SIZE = { seed: '2', tasks: 8, rollouts: 16 };
const played = [...generate(SIZE)];

/** Every model call of a rollout with the policy's list at that point, the state rebuilt from the messages alone. */
function* modelCalls({ setting: { world, task }, nodes }: Played): Generator<{ list: Candidate[]; node: Played['nodes'][number] }> {
  const memory = new Map<string, string>();
  let state = emptyState();
  for (let n = 2; n < nodes.length; n++) {
    const node = nodes[n];
    if (node.summary) {
      state = compact(state);
      expect(node.message.content).toBe(summaryText(state));
    }
    if (!node.sampled) continue;
    yield { list: candidates(task, state, node.version), node };
    const calls = callsOf(node.message);
    if (nodes[n + calls.length]?.message.role === 'tool')
      state = advance(
        task,
        world,
        state,
        calls,
        calls.map((call) => runTool(world, memory, call)),
      );
  }
}

/** Next-token distribution after a prefix, by going through the whole list. */
function byBruteForce(list: readonly Candidate[], prefix: readonly number[]): Map<number, number> {
  const fitting = list.filter(({ ids }) => prefix.every((id, i) => ids[i] === id));
  const total = fitting.reduce((sum, { weight }) => sum + weight, 0);
  const p = new Map<number, number>();
  for (const { ids, weight } of fitting) p.set(ids[prefix.length], (p.get(ids[prefix.length]) ?? 0) + weight / total);
  return p;
}

describe('entropies and log-probs of the sample', () => {
  it('equal those of the list of utterances, to 1e-9 before rounding', () => {
    let tokens = 0;
    for (const rollout of played.filter((_, i) => i % 9 === 0)) {
      for (const { list, node } of modelCalls(rollout)) {
        const ids = node.ids.slice(node.scaffold);
        ids.forEach((id, t) => {
          const p = byBruteForce(list, ids.slice(0, t));
          let entropy = 0;
          for (const q of p.values()) entropy -= q * Math.log(q);
          expect(Math.abs(Math.log(p.get(id) ?? 0) - node.logprobs[t])).toBeLessThan(1e-9);
          expect(Math.abs(entropy - node.entropies[t])).toBeLessThan(1e-9);
          tokens++;
        });
      }
    }
    expect(tokens).toBeGreaterThan(2000);
  });

  it('give each whole utterance its weight: the log-probs of a turn add up to the log of its share', () => {
    for (const rollout of played) {
      for (const { list, node } of modelCalls(rollout)) {
        const ids = node.ids.slice(node.scaffold).join();
        const total = list.reduce((sum, { weight }) => sum + weight, 0);
        const own = list.filter((candidate) => candidate.ids.join() === ids).reduce((sum, { weight }) => sum + weight, 0);
        if (own > 0) expect(Math.abs(node.logprobs.reduce((a, b) => a + b, 0) - Math.log(own / total))).toBeLessThan(1e-9);
        else expect(rollout.stop).toBe('max_tokens');
      }
    }
  });

  it('stand in the file with 6 significant digits', () => {
    readEpisodes().forEach((episode, i) => {
      nodesOf(episode).forEach((node, n) => {
        const exact = played[i].nodes[n];
        for (const [shown, values] of [
          [node.logprobs, exact.logprobs],
          [node.entropies, exact.entropies],
        ] as const) {
          expect(shown?.length ?? 0).toBe(values.length);
          values.forEach((value, t) => {
            if (Math.abs(shown![t] - value) > 5.1e-6 * Math.abs(value))
              expect.fail(`${episode.id} node ${n} token ${t}: ${shown![t]} for ${value}`);
          });
        }
      });
    });
  });

  it('agree with surprisal within four standard errors over all turns', () => {
    // Turn sums of surprisal − entropy are a martingale: their mean is 0 and they are uncorrelated.
    const gaps = played.flatMap(({ nodes }) =>
      nodes.filter((node) => node.sampled).map((node) => node.logprobs.reduce((sum, logprob, t) => sum - logprob - node.entropies[t], 0)),
    );
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (gaps.length - 1);
    expect(gaps.length).toBeGreaterThan(500);
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(variance / gaps.length));
  });

  it('are what sampling shows: shares of 20 000 drawn utterances lie within five standard errors', () => {
    const [task] = makeTasks(makeWorld(0, '2')).slice(3);
    const list = candidates(task, emptyState(), 41);
    const total = list.reduce((sum, { weight }) => sum + weight, 0);
    const share = new Map<string, number>();
    for (const { ids, weight } of list) share.set(ids.join(), (share.get(ids.join()) ?? 0) + weight / total);
    const random = randomStream('monte carlo');
    const N = 20_000;
    const drawn = new Map<string, number>();
    for (let i = 0; i < N; i++) {
      const key = sample(list, random).ids.join();
      drawn.set(key, (drawn.get(key) ?? 0) + 1);
    }
    for (const [key, p] of share) expect(Math.abs((drawn.get(key) ?? 0) / N - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / N) + 1 / N);
    expect([...drawn.keys()].every((key) => share.has(key))).toBe(true);
  });

  it('are the same wherever rollouts share a prefix and a policy version', () => {
    const seen = new Map<string, number>();
    let shared = 0;
    for (const { nodes } of played) {
      const spelled: string[] = [];
      nodes.forEach((node, n) => {
        const before = node.parent < 0 ? '' : spelled[node.parent];
        node.entropies.forEach((entropy, t) => {
          const key = `${node.version}|${before}|${node.ids.slice(0, node.scaffold + t).join()}`;
          const other = seen.get(key);
          if (other === undefined) seen.set(key, entropy);
          else {
            shared++;
            if (other !== entropy) expect.fail(`entropy ${entropy} and ${other} after one prefix`);
          }
        });
        spelled[n] = `${before}|${node.ids.join()}`;
      });
    }
    expect(shared).toBeGreaterThan(1000);
  });
});
