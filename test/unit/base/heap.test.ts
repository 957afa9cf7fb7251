import '../../helpers/drawSeed.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeIndexHeap, makePairingHeaps, meldHeaps, popHeap, popIndex, pushIndex, replaceFirst } from '../../../src/base/heap.ts';

const keys = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 });
const sorted = (values: readonly number[], items: readonly number[]): number[] => [...items].sort((a, b) => values[b] - values[a] || a - b);

it('pops the largest key first and the smaller index of equals, whatever the order of arrival', () => {
  fc.assert(
    fc.property(keys, fc.infiniteStream(fc.nat()), (values, stream) => {
      const heap = makeIndexHeap(Float64Array.from(values));
      const arrival = [...values.keys()].map((i) => ({ i, at: stream.next().value ?? 0 })).sort((a, b) => a.at - b.at);
      for (const { i } of arrival) pushIndex(heap, i);
      expect(values.map(() => popIndex(heap))).toEqual(sorted(values, [...values.keys()]));
      expect(popIndex(heap)).toBe(-1);
    }),
  );
});

it('gives the same as a sorted list while items come, go and replace one another, with places that decide among equals', () => {
  const steps = fc.array(fc.constantFrom('push', 'push', 'pop', 'replace'), { maxLength: 80 });
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(-1, -0, 0, 1, Infinity), { minLength: 80, maxLength: 80 }),
      fc.nat(),
      steps,
      (values, turn, asked) => {
        // Any permutation of the items.
        const places = Int32Array.from(values, (_, i) => (i * 37 + turn) % values.length);
        const heap = makeIndexHeap(Float64Array.from(values), places);
        const inside: number[] = [];
        const best = (): number =>
          inside.sort((a, b) => (values[b]! > values[a]! ? 1 : values[b]! < values[a]! ? -1 : 0) || places[a]! - places[b]!)[0] ?? -1;
        asked.forEach((what, item) => {
          if (what === 'push' || inside.length === 0) {
            pushIndex(heap, item);
          } else if (what === 'pop') {
            const first = best();
            expect(popIndex(heap)).toBe(first);
            inside.splice(inside.indexOf(first), 1);
            return;
          } else {
            inside.splice(inside.indexOf(best()), 1);
            replaceFirst(heap, item);
          }
          inside.push(item);
          expect(heap.items[0]).toBe(best());
          expect(heap.size).toBe(inside.length);
        });
      },
    ),
  );
});

it('melds heaps and pops from the union in order', () => {
  fc.assert(
    fc.property(keys, fc.array(fc.nat()), (values, melds) => {
      const heaps = makePairingHeaps(Float64Array.from(values));
      const oracle = new Map(values.map((_, i) => [i, [i]])); // first item -> its items
      for (const pick of melds) {
        const roots = [...oracle.keys()];
        if (roots.length < 2) break;
        const a = roots[pick % roots.length];
        const b = roots[(pick + 1 + (pick % (roots.length - 1))) % roots.length];
        if (a === b) continue;
        const items = [...oracle.get(a)!, ...oracle.get(b)!];
        oracle.delete(a);
        oracle.delete(b);
        oracle.set(meldHeaps(heaps, a, b), items);
      }
      for (const [root, items] of oracle) {
        const popped: number[] = [];
        for (let heap = root; heap !== -1; heap = popHeap(heaps, heap)) popped.push(heap);
        expect(popped).toEqual(sorted(values, items));
      }
    }),
  );
});
