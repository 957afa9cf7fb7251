/** Formats are asked in an order that their relations make, whatever the list, and every pair that meets has a relation. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderFormats, type Ordered } from '../../../src/formats/order.ts';
import { FORMATS } from '../../../src/formats/registry.ts';

const ROOT = 'test/fixtures';

/** Whether a format beats another, directly or through others. */
function beats(formats: readonly Ordered[], id: string, other: string): boolean {
  const seen = new Set<string>([id]);
  // Ids that are added while it is walked are walked too.
  for (const each of seen) for (const next of formats.find((format) => format.id === each)?.beats ?? []) seen.add(next);
  return id !== other && seen.has(other);
}

describe('orderFormats', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  /** Relations that run from earlier to later ids of a shuffled list, hence in no circle. */
  const relations = fc.tuple(
    fc.shuffledSubarray(ids, { minLength: ids.length }),
    fc.array(fc.tuple(fc.nat(ids.length - 1), fc.nat(ids.length - 1))),
  );
  it('puts each before all that it beats, and does not depend on the list', () => {
    fc.assert(
      fc.property(relations, fc.shuffledSubarray(ids, { minLength: ids.length }), ([line, pairs], listed) => {
        const toy = (id: string): Ordered => ({
          id,
          beats: pairs.filter(([from, to]) => from < to && line[from] === id).map(([, to]) => line[to] ?? ''),
        });
        const ordered = orderFormats(listed.map(toy));
        expect(ordered.map(({ id }) => id)).toEqual(orderFormats(ids.map(toy)).map(({ id }) => id));
        expect(ordered.map(({ id }) => id).sort()).toEqual(ids);
        for (const [place, { beats: below = [] }] of ordered.entries())
          for (const id of below) expect(ordered.findIndex((other) => other.id === id)).toBeGreaterThan(place);
      }),
    );
  });
  it('refuses circles, ids that nobody has and ids that two have', () => {
    const circle = [
      { id: 'a', beats: ['b'] },
      { id: 'b', beats: ['c'] },
      { id: 'c', beats: ['a'] },
    ];
    expect(() => orderFormats(circle)).toThrow('in a circle: a, b, c');
    expect(() => orderFormats([{ id: 'a', beats: ['a'] }])).toThrow('in a circle: a');
    expect(() => orderFormats([{ id: 'a', beats: ['x'] }])).toThrow('a beats x');
    expect(() => orderFormats([{ id: 'a' }, { id: 'a' }])).toThrow('two formats are registered as a');
  });
});

it('knows what beats what through others', () => {
  const toys = [{ id: 'a', beats: ['b'] }, { id: 'b', beats: ['c'] }, { id: 'c' }];
  expect([beats(toys, 'a', 'c'), beats(toys, 'c', 'a'), beats(toys, 'a', 'a')]).toEqual([true, false, false]);
});

/** Objects and lists of a fixture that might be records: the document, its lines, and the entries of its lists. */
function recordsOf(text: string): unknown[] {
  const parse = (line: string): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      return undefined;
    }
  };
  const document = parse(text);
  if (document === undefined) return text.split('\n').map(parse);
  const inside = typeof document === 'object' && document !== null ? Object.values(document).flat() : [];
  return [document, ...(inside as unknown[])];
}

it('has a relation between every two formats that detect one record', () => {
  const pairs = new Set<string>();
  for (const format of FORMATS.filter(({ id }) => existsSync(join(ROOT, id))))
    for (const file of readdirSync(join(ROOT, format.id)).filter((name) => !name.includes('.expected.')))
      for (const record of recordsOf(readFileSync(join(ROOT, format.id, file), 'utf8'))) {
        const found = FORMATS.filter((each) => each.detects(record, { name: file, path: file, index: 0, line: 1 }));
        for (const [i, a] of found.entries()) for (const b of found.slice(i + 1)) pairs.add(`${a.id} ${b.id}`);
      }
  expect(pairs.size).toBeGreaterThan(5);
  const unrelated = [...pairs].map((pair) => pair.split(' ')).filter(([a = '', b = '']) => !beats(FORMATS, a, b) && !beats(FORMATS, b, a));
  expect(unrelated).toEqual([]);
});
