import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planScores, type ScoreLimits } from '../../../../src/core/score/plan.ts';
import { wantedTokens } from '../../../../src/core/score/wanted.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import { batches } from '../../../helpers/randomBatches.ts';
import { treeFromText, wordOf } from '../../../helpers/treeFromText.ts';
import { replay, slowScores } from './replay.ts';

const LIMITS: ScoreLimits = { context: 100, overlap: 25, chunk: 64, batch: 8, cacheTokens: 1000, start: null };

/** Each step as "past > row | row", `*` after a row that is kept; scored tokens follow in brackets. */
function draw(text: string, limits: Partial<ScoreLimits> = {}): string[] {
  const { forest } = treeFromText(text);
  const plan = planScores(forest, wantedTokens(forest, 'sampled'), { ...LIMITS, ...limits });
  const word = (position: number): string => (position < 0 ? '^' : wordOf(forest.edgeTokens[position]));
  return Array.from({ length: plan.steps }, (_, s) => {
    const rows: string[] = [];
    for (let r = plan.stepRow[s]; r < plan.stepRow[s + 1]; r++) {
      const tokens = Array.from(plan.position.subarray(plan.rowFrom[r], plan.rowTo[r]), word).join(' ');
      const scored = Array.from(plan.queryTarget.subarray(plan.rowQuery[r], plan.rowQueryEnd[r]), word).sort().join(' ');
      rows.push(`${tokens} [${scored}]`);
    }
    return `${plan.stepPast[s]} > ${rows.join(' | ')}${plan.stepKeep[s] === 1 ? ' *' : ''}`;
  });
}

describe('planScores', () => {
  it('forwards a shared prompt once, and never the last token of a branch', () => {
    expect(
      draw(`
      a b C D E
      a b C F
      a b C G H
    `),
    ).toEqual(['0 > a b C [C D F G] *', '3 > D [E] | G [H]']);
  });

  it('goes depth-first and cuts the path back at a fork', () => {
    expect(
      draw(`
      a B C D E
      a B C D F
      a B G H I
      a B G H J
    `),
    ).toEqual(['0 > a B [B C G] *', '2 > C D [D E F] | G H [H I J]']);
    expect(
      draw(
        `
      a B C D E x y Z
      a B C D F x y Z
      a B G H I
    `,
        { chunk: 2 },
      ),
    ).toEqual(['0 > a B [B C G] *', '2 > C D [D E F] *', '4 > E x [] *', '6 > y [Z]', '4 > F x [] *', '6 > y [Z]', '2 > G H [H I]']);
  });

  it('leaves what no sampled token needs', () => {
    expect(
      draw(`
      a b c
      a D e f
      a b g h
    `),
    ).toEqual(['0 > a [D]']);
  });

  it('gives the first token of a text a prefix where the model has a start token', () => {
    expect(draw('A B', { start: 7 })).toEqual(['0 > ^ A [A B]']);
    expect(draw('A B')).toEqual(['0 > A [B]']);
    expect(draw('A B\nC D', { start: 7 })).toEqual(['0 > ^ [A C] *', '1 > A [B] | C [D]']);
  });

  it('starts windows at the same depths on every path, so that branches share what is forwarded again', () => {
    expect(
      draw(
        `
      a b c d e F G H
      a b c d e F I J
    `,
        { context: 4, overlap: 2 },
      ),
    ).toEqual(['0 > c d e F [F G I]', '0 > e F [] *', '2 > G [H] | I [J]']);
  });

  it('counts what it repeats and what it cannot score', () => {
    const { forest } = treeFromText('A B C D E F G');
    const plan = planScores(forest, wantedTokens(forest, 'sampled'), { ...LIMITS, context: 4, overlap: 2 });
    expect(plan).toMatchObject({ forwarded: 4 + 4, distinct: 6, reanchored: 2, unscorable: 1 });
  });

  it('keeps few rows together where the cache has little room', () => {
    const text = ['D E', 'F G', 'H I', 'J K'].map((end) => `a b c ${end}`).join('\n');
    expect(draw(text, { context: 6 }).at(-1)).toBe('3 > D [E] | F [G] | H [I] | J [K]');
    expect(draw(text, { context: 6, cacheTokens: 21 }).slice(1)).toEqual(['3 > D [E] | F [G]', '3 > H [I] | J [K]']);
  });

  it('has nothing to do in an empty forest', () => {
    expect(draw('')).toEqual([]);
    expect(draw('a b c')).toEqual([]);
  });

  it('asks about each wanted token once, with the tokens before it, and forwards each needed prefix once', () => {
    fc.assert(
      fc.property(
        batches({ keys: 3, maxRollouts: 8, values: 'none' }),
        fc.integer({ min: 3, max: 12 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        fc.constantFrom('sampled' as const, 'all' as const),
        (batch, context, overlap, chunk, rows, start, scope) => {
          const builder = makeForestBuilder();
          builder.add(batch);
          const { forest } = freeze(builder);
          const wanted = wantedTokens(forest, scope);
          const plan = planScores(forest, wanted, { context, overlap, chunk, batch: rows, cacheTokens: 1000, start: start ? 9 : null });
          const seen = replay(plan);
          const slow = slowScores(forest, wanted, context, plan.limits.overlap, start);
          expect(new Map([...seen.contexts].sort((a, b) => a[0] - b[0]))).toEqual(slow.contexts);
          expect(seen.scoredTwice).toBe(0);
          expect(seen.forwarded.length).toBe(slow.forwarded.size);
          expect(plan.forwarded).toBe(slow.forwarded.size);
          expect(plan.unscorable).toBe(wanted.reduce((sum, one) => sum + one, 0) - slow.contexts.size);
          expect(seen.longest).toBeLessThanOrEqual(context);
          expect(seen.widest).toBeLessThanOrEqual(chunk);
        },
      ),
      { numRuns: 400 },
    );
  });
});
