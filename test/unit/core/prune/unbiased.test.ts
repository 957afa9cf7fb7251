/** That the draw has no bias: by enumeration on tiny trees, and over seeds on a larger one. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { collocate } from '../../../../src/core/prune/collocated.ts';
import { cutAt } from '../../../../src/core/prune/cut.ts';
import { planOrder } from '../../../../src/core/prune/order.ts';
import { layTokens } from '../../../../src/core/prune/token-layout.ts';
import { planDrawn } from '../../../../src/core/prune/train-drawn.ts';
import { planTrain, tokenFactors } from '../../../../src/core/prune/train-plan.ts';
import { makeRandom } from '../../../../src/core/prune/seeded.ts';
import { BARE, problemOf, type NodeSpec } from './forests.ts';

const FLOOR = 0.05;
const GOLDEN = 0x9e3779b9 / 2 ** 32;
const fraction = (value: number): number => value - Math.floor(value);

function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((rest) =>
    Array.from({ length: count }, (_, at) => [...rest.slice(0, at), count - 1, ...rest.slice(at)]),
  );
}

it('gives every token its coefficient in the mean over all draws, enumerated', () => {
  const worth = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 }));
  fc.assert(
    fc.property(
      fc.array(worth, { minLength: 1, maxLength: 4 }),
      fc.nat(3),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      (worths, pinnedTokens, trainShare) => {
        const tokens = worths.length;
        const pinnedRun = Math.min(pinnedTokens, tokens - 1);
        const nodes: NodeSpec[] = [{ parent: NONE, tokens: tokens - pinnedRun }];
        if (pinnedRun > 0) nodes.push({ parent: 0, tokens: pinnedRun });
        const problem = problemOf(nodes);
        const order = planOrder(problem);
        const layout = layTokens(problem.forest, order);
        const pinned = Uint8Array.from(nodes, (_, n) => n);
        const cut = cutAt(order, 1);
        const factorsFor = (bits: readonly number[], epsilon: number): Float32Array => {
          const random = { bits: Uint32Array.from(bits), first: Math.floor(epsilon * 2 ** 32) };
          const set = planDrawn(
            layout,
            pinned,
            { worth: Float32Array.from(worths), counted: new Float32Array(tokens) },
            FLOOR,
            random,
          ).choose(cut, tokens, trainShare);
          const out = new Float32Array(tokens);
          for (let n = 0; n < nodes.length; n++) set.factorsOf(n, out, problem.forest.edgeStart[n]);
          return out;
        };
        const all = permutations(tokens);
        // Where a factor is not 0 it is 1/π; with some draw every token has one.
        const probability = new Float64Array(tokens);
        const probes = all.flatMap((bits) => Array.from({ length: 40 }, (_, i) => factorsFor(bits, (i + 0.5) / 40)));
        for (const factors of probes) for (let i = 0; i < tokens; i++) if (factors[i] > 0) probability[i] = 1 / factors[i];
        // What is drawn changes only at these ε, of a stratum of m tokens that is the k-th.
        const breaks = new Set([0, 1]);
        for (let k = 0; k <= tokens; k++) {
          breaks.add(fraction(-k * GOLDEN));
          for (let m = 1; m <= tokens; m++) for (const p of probability) breaks.add(fraction(m * p - k * GOLDEN));
        }
        const sorted = [...breaks].toSorted((a, b) => a - b);
        const mean = new Float64Array(tokens);
        for (const bits of all) {
          for (let i = 0; i + 1 < sorted.length; i++) {
            const width = sorted[i + 1] - sorted[i];
            if (width < 1e-7) continue;
            const factors = factorsFor(bits, (sorted[i] + sorted[i + 1]) / 2);
            for (let t = 0; t < tokens; t++) mean[t] += (factors[t] * width) / all.length;
          }
        }
        // A token that no probe drew has so small a π that the probes missed it.
        for (let t = 0; t < tokens; t++) if (probability[t] > 0) expect(mean[t]).toBeCloseTo(1, 3);
      },
    ),
    { numRuns: 40 },
  );
});

it('gives evenly spread numbers, each uniform over all rankings and ε', () => {
  const order = Int32Array.of(0, 1, 2, 3, 4, 5);
  const edges = Int32Array.of(0, 4, 6);
  const steps = 12;
  const counts = Array.from({ length: 6 }, () => new Map<number, number>());
  for (const bits of permutations(6)) {
    for (let i = 0; i < steps; i++) {
      const numbers = collocate(order, edges, { bits: Uint32Array.from(bits), first: (i * 2 ** 32) / steps });
      for (const [from, to] of [
        [0, 4],
        [4, 6],
      ]) {
        const sorted = [...numbers.subarray(from, to)].toSorted((a, b) => a - b);
        for (let r = 1; r < sorted.length; r++) expect(Math.abs(sorted[r] - sorted[r - 1] - 2 ** 32 / (to - from))).toBeLessThan(2);
      }
      for (const [slot, count] of counts.entries()) count.set(numbers[slot], (count.get(numbers[slot]) ?? 0) + 1);
    }
  }
  for (const [slot, count] of counts.entries()) {
    // Every rank with every ε, equally often.
    expect(count.size).toBe((slot < 4 ? 4 : 2) * steps);
    expect(new Set(count.values()).size).toBe(1);
  }
});

it('converges on the coefficient of every token, and on its size', () => {
  const random = makeRandom(5);
  const nodes: NodeSpec[] = [{ parent: NONE, tokens: 40 }];
  for (let n = 1; n < 60; n++) nodes.push({ parent: Math.floor(random() * n), tokens: 5 + Math.floor(random() * 60) });
  const sorted = preOrder(nodes);
  const values = Float64Array.from({ length: 5000 }, () => random() ** 4);
  const make = (seed: number) => {
    const problem = problemOf(sorted, { ...BARE, train: 'unbiased', seed });
    const { length } = problem.forest;
    const tokens = {
      value: (at: number) => values[at],
      amplitude: (at: number) => values[at],
      entropy: (at: number) => values[at],
      weight: new Float64Array(length).map((_, n) => problem.forest.reachCount[n] / problem.forest.reachCount[0]),
    };
    return { ...problem, tokens };
  };
  const SEEDS = 1000;
  const { forest } = make(0);
  const count = forest.edgeStart[forest.length];
  const sums = new Float64Array(count);
  const largest = new Float64Array(count);
  for (let seed = 0; seed < SEEDS; seed++) {
    const problem = make(seed);
    const order = planOrder(problem);
    const set = planTrain(problem, order).choose(cutAt(order, 1), count, 0.2);
    expect(Math.abs(set.tokens - set.expected)).toBeLessThan(0.025 * set.expected);
    const factors = tokenFactors(forest, set)!;
    for (let i = 0; i < count; i++) {
      sums[i] += factors[i];
      largest[i] = Math.max(largest[i], factors[i]);
    }
  }
  let squares = 0;
  let seen = 0;
  for (let i = 0; i < count; i++) {
    const deviation = Math.sqrt((largest[i] - 1) / SEEDS);
    if (largest[i] === 1) expect(sums[i]).toBe(SEEDS);
    else {
      const z = (sums[i] / SEEDS - 1) / deviation;
      expect(Math.abs(z)).toBeLessThan(5);
      squares += z * z;
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(500);
  expect(squares / seen).toBeGreaterThan(0.85);
  expect(squares / seen).toBeLessThan(1.15);
});

/** The same tree with rows in depth-first order. */
function preOrder(nodes: readonly NodeSpec[]): NodeSpec[] {
  const out: NodeSpec[] = [];
  const visit = (n: number, parent: number): void => {
    const at = out.push({ ...nodes[n], parent }) - 1;
    nodes.forEach((child, c) => {
      if (child.parent === n) visit(c, at);
    });
  };
  visit(0, NONE);
  return out;
}
