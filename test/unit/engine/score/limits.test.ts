/** Contexts stay whole where the device has room, and at most a tenth of a long log is forwarded twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { planScores, usableLimits } from '../../../../src/core/score/plan.ts';
import type { TokenTree } from '../../../../src/core/score/token-tree.ts';
import { ownMemory, scoreLimits, wasmMemory } from '../../../../src/engine/score/limits.ts';
import { replay, slowScores } from '../../core/score/replay.ts';

const GIB = 2 ** 30;
/** Qwen3-0.6B with a cache of float16: 28 layers, 8 heads of 128 for keys and for values. */
const QWEN = { vocabulary: 151_936, context: 40_960, cacheBytesPerToken: 28 * 2 * 8 * 128 * 2, maxRows: 1 };

describe('score limits', () => {
  it('give a request no more logits than every WebGPU device binds at once', () => {
    const { chunk } = scoreLimits({ ...QWEN, cacheBytes: GIB }, null);
    expect(chunk).toBe(220);
    expect(4 * chunk * QWEN.vocabulary).toBeLessThanOrEqual(128 * 2 ** 20);
  });

  it('keep a context of 40,960 tokens whole in the memory of a machine that has room for two of them', () => {
    const context = (cacheBytes: number): number => usableLimits(scoreLimits({ ...QWEN, cacheBytes }, null)).context;
    expect(context(ownMemory(32 * GIB).bytes)).toBe(40_960);
    expect(context(ownMemory(8 * GIB).bytes)).toBe(Math.floor((4 * GIB) / QWEN.cacheBytesPerToken / 2));
    // On WebAssembly the heap of 4 GiB is the limit, whatever the machine has.
    expect(wasmMemory(256 * GIB, 0.5 * GIB).bytes).toBe(2.75 * GIB);
    expect(wasmMemory(8 * GIB, 0.5 * GIB).bytes).toBe(2 * GIB);
    expect(context(0)).toBe(2048);
  });

  it('repeat the same share where the context is cut', () => {
    const { context, overlap } = usableLimits(scoreLimits({ ...QWEN, cacheBytes: 0 }, null));
    expect([context, overlap]).toEqual([2048, Math.floor(2048 / 12)]);
  });

  it('forward at most a tenth twice, and every wanted token is scored once, on logs longer than the context', () => {
    const drawn = fc.record({
      context: fc.integer({ min: 24, max: 120 }),
      start: fc.constantFrom(null, 7),
      /** Turns of a task: rollouts share the first one, and each goes on by itself. */
      prompt: fc.integer({ min: 1, max: 200 }),
      tails: fc.array(fc.integer({ min: 300, max: 600 }), { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(drawn, ({ context, start, prompt, tails }) => {
        const tree = forkOf(prompt, tails);
        const wanted = new Uint8Array(tree.edgeTokens.length).fill(1);
        const asked = scoreLimits({ ...QWEN, context, cacheBytes: GIB }, start);
        const plan = planScores(tree, wanted, asked);
        const seen = replay(plan);
        const slow = slowScores(tree, wanted, context, plan.limits.overlap, start !== null);
        expect(new Map([...seen.contexts].sort((a, b) => a[0] - b[0]))).toEqual(slow.contexts);
        expect(seen.scoredTwice).toBe(0);
        expect(plan.queryTarget.length + plan.unscorable).toBe(wanted.length);
        expect(plan.reanchored / plan.forwarded).toBeLessThanOrEqual(0.1);
      }),
      { numRuns: 30 },
    );
  });
});

/** A prompt that all rollouts share, and a tail of each. */
function forkOf(prompt: number, tails: readonly number[]): TokenTree {
  const edgeStart = [0, prompt];
  for (const tail of tails) edgeStart.push((edgeStart.at(-1) ?? 0) + tail);
  const length = tails.length + 1;
  return {
    length,
    parent: Int32Array.from({ length }, (_, n) => (n === 0 ? NONE : 0)),
    subtreeEnd: Int32Array.from({ length }, (_, n) => (n === 0 ? length : n + 1)),
    edgeStart: Int32Array.from(edgeStart),
    edgeTokens: Int32Array.from({ length: edgeStart.at(-1) ?? 0 }, (_, i) => i % 100),
    depth: Int32Array.from({ length }, (_, n) => (n === 0 ? 0 : prompt)),
    treeStart: Int32Array.of(0, length),
  };
}
