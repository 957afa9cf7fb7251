/** Inputs that once broke something, and that every reader has inputs to begin with. */
import { expect, it } from 'vitest';
import { readRegressions } from '../../fuzz/corpus.ts';
import { allTargets } from '../../fuzz/targets.ts';

const targets = await allTargets();
const regressions = readRegressions();

it('every target has seeds, or makes its inputs, and a name of its own', () => {
  expect(targets.filter(({ seeds, make }) => seeds.length === 0 && make === undefined).map(({ id }) => id)).toEqual([]);
  expect(new Set(targets.map(({ id }) => id)).size).toBe(targets.length);
});

it('every seed is read as it should be', async () => {
  for (const { seeds, run } of targets) for (const seed of seeds) await run(Uint8Array.from(seed), 1);
  expect(targets.length).toBeGreaterThan(40);
});

it('nothing breaks what it once broke', async () => {
  for (const { target, path, input } of regressions) {
    const found = targets.find(({ id }) => id === target);
    if (found === undefined) throw new Error(`${path}: no target is called ${target}`);
    await expect(Promise.resolve(found.run(input, 2)), path).resolves.toBeUndefined();
  }
});
