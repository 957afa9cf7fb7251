/** Changed inputs: the same from the same seed, of bounded size, and mostly JSON still. */
import { expect, it } from 'vitest';
import { logSeeds } from '../../fuzz/seeds.ts';
import { minimise } from '../../fuzz/minimise.ts';
import { mutate, MOST_BYTES } from '../../fuzz/mutate/mutate.ts';
import { makeRandom, seedOf } from '../../fuzz/random.ts';
import { bytesOf, textOf } from '../../fuzz/target.ts';

const [seed] = logSeeds('chat');
const changed = (execution: number): Uint8Array => mutate('json', seed.bytes, seed.bytes, makeRandom(seedOf(7, 0, execution)));

it('changes are the same from the same seed, and differ between executions', () => {
  const inputs = Array.from({ length: 400 }, (_, execution) => textOf(changed(execution)));
  expect(inputs).toEqual(inputs.map((_, execution) => textOf(changed(execution))));
  expect(new Set(inputs).size).toBeGreaterThan(300);
  expect(inputs.every((input) => bytesOf(input).length <= MOST_BYTES)).toBe(true);
  const lines = inputs.flatMap((input) => input.split('\n').filter(Boolean));
  const parsed = lines.filter((line) => isJson(line));
  expect(parsed.length).toBeGreaterThan(lines.length / 2);
});

it('changes reach what a value cannot say: keys twice, numbers beyond doubles, lone surrogates', () => {
  const all = Array.from({ length: 3000 }, (_, execution) => textOf(changed(execution))).join('\n');
  const odd = ['1e999', 'NaN', '\\ud83d', '__proto__', '[[[[[[', '12345678901234567890'];
  expect(odd.filter((text) => !all.includes(text))).toEqual([]);
  expect(/\{"role":"user"[^{}]*"role":/.test(all)).toBe(true);
});

it('makes what breaks something as small as it breaks the same', async () => {
  const smallest = await minimise(bytesOf(`${'a'.repeat(500)}!${'b'.repeat(300)}?`), async (input) => /!.*\?/.test(textOf(input)));
  expect(textOf(smallest)).toBe('!?');
});

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
