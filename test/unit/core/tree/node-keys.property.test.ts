import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hash128 } from '../../../../src/base/hash.ts';
import type { TrajectoryBatch } from '../../../../src/core/model/batch.ts';
import { NONE } from '../../../../src/core/model/kinds.ts';
import { locateNode, locateNodes, nodeKeyOf } from '../../../../src/core/model/node-key.ts';
import type { NodeKey } from '../../../../src/core/model/node-key.ts';
import { actionTrajectories } from '../../../../src/core/tree/actions.ts';
import { fingerprint } from '../../../../src/core/tree/fingerprint.ts';
import { makeForestBuilder } from '../../../../src/core/tree/build.ts';
import { freeze } from '../../../../src/core/tree/freeze.ts';
import type { Frozen } from '../../../../src/core/tree/freeze.ts';
import { batches, splitBatch } from '../../../helpers/randomBatches.ts';

type Parts = readonly (TrajectoryBatch | ReturnType<typeof actionTrajectories>)[];

function frozen(parts: Parts): Frozen {
  const builder = makeForestBuilder();
  for (const part of parts) builder.add(part);
  return freeze(builder);
}

const WORD = 2n ** 32n;
const wordsOf = (text: string): [bigint, bigint] => [BigInt(`0x${hash128(text).slice(0, 8)}`), BigInt(`0x${hash128(text).slice(8, 16)}`)];

/** The whole prefix, hashed from its beginning with whole numbers of any size. */
function slowKey(task: string, prefix: readonly (number | string)[]): NodeKey {
  let [high, low] = wordsOf(task);
  for (const token of prefix) {
    const [a, b] = typeof token === 'string' ? wordsOf(token) : [BigInt(token), BigInt(token)];
    high = ((high ^ ((a * 0x239b961bn) % WORD)) * 0x85ebca6bn) % WORD;
    low = ((low ^ ((b * 0xab0e9789n) % WORD)) * 0xcc9e2d51n) % WORD;
    high ^= high >> 15n;
    low ^= low >> 13n;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

/** Every node's task and prefix as text -> its key. */
function keysByPrefix({ forest, tasks, actions }: Frozen): Map<string, NodeKey> {
  const keys = new Map<string, NodeKey>();
  const prefixes: (number | string)[][] = [];
  for (const [task, { key }] of tasks.entries()) {
    for (let n = forest.treeStart[task]; n < forest.treeStart[task + 1]; n++) {
      const own = [...forest.edgeTokens.subarray(forest.edgeStart[n], forest.edgeStart[n + 1])];
      const above = forest.parent[n] === NONE ? [] : prefixes[forest.parent[n]];
      prefixes[n] = [...above, ...(actions.length === 0 ? own : own.map((action) => actions[action]))];
      keys.set(JSON.stringify([key, prefixes[n]]), nodeKeyOf(forest.keys, n));
    }
  }
  return keys;
}

const both = (batch: TrajectoryBatch): Parts[] => [splitBatch(batch), splitBatch(batch).map(actionTrajectories)];

it('a key is the hash of the task and the whole prefix, by tokens and by actions', () => {
  fc.assert(
    fc.property(batches({ keys: 3 }), (batch) => {
      for (const parts of both(batch)) {
        for (const [prefix, key] of keysByPrefix(frozen(parts))) {
          const [task, tokens] = JSON.parse(prefix) as [string, (number | string)[]];
          expect(key).toBe(slowKey(task, tokens));
        }
      }
    }),
  );
});

it('no two nodes of a forest have one key, and every key is found again', () => {
  fc.assert(
    fc.property(batches({ keys: 4, maxRollouts: 20 }), (batch) => {
      for (const parts of both(batch)) {
        const { forest } = frozen(parts);
        const keys = Array.from({ length: forest.length }, (_, n) => nodeKeyOf(forest.keys, n));
        expect(new Set(keys).size).toBe(forest.length);
        const wanted = [...keys.toReversed(), '0123456789abcdef', '17', keys[0]];
        const found = keys.map((_, n) => n).toReversed();
        expect([...locateNodes(forest.keys, wanted)]).toEqual([...found, NONE, NONE, 0]);
        expect(wanted.map((key) => locateNode(forest.keys, key))).toEqual([...found, NONE, NONE, 0]);
      }
    }),
  );
});

it('keys do not depend on the order of batches', () => {
  fc.assert(
    fc.property(batches(), fc.infiniteStream(fc.nat()), (batch, draws) => {
      for (const parts of both(batch)) {
        const shuffled = parts.map((part) => ({ part, at: draws.next().value })).sort((a, b) => a.at - b.at);
        expect(keysByPrefix(frozen(shuffled.map(({ part }) => part)))).toEqual(keysByPrefix(frozen(parts)));
      }
    }),
  );
});

it('every node keeps its key when trajectories are added, also where one is cut in two', () => {
  fc.assert(
    fc.property(batches(), fc.nat(), (batch, cut) => {
      for (const parts of both(batch)) {
        const before = keysByPrefix(frozen(parts.slice(0, 1 + (cut % parts.length))));
        const after = keysByPrefix(frozen(parts));
        for (const [prefix, key] of before) expect(after.get(prefix)).toBe(key);
      }
    }),
  );
});

it('the fingerprint changes with every rollout that is added, and with no order of batches or cut of nodes', () => {
  fc.assert(
    fc.property(batches(), fc.integer({ min: 1, max: 3 }), (batch, maxNodeTokens) => {
      const parts = splitBatch(batch);
      const of = (some: Parts): string => fingerprint(frozen(some).forest);
      expect(of(parts.toReversed())).toBe(of(parts));
      const blocks = makeForestBuilder({ maxNodeTokens });
      blocks.add(batch);
      expect(fingerprint(freeze(blocks).forest)).toBe(of(parts));
      const seen = parts.map((_, i) => of(parts.slice(0, i + 1)));
      expect(new Set(seen).size).toBe(parts.length);
    }),
  );
});
