/** The slow oracle of what acts leave: a forest written anew without the rows that they excluded. */
import { NONE } from '../../../../src/core/model/kinds.ts';
import type { Forest } from '../../../../src/core/model/forest.ts';

export interface Compact {
  readonly forest: Forest;
  /** its node -> node of the forest with all rows; the same of trajectories */
  readonly nodeOf: readonly number[];
  readonly trajectoryOf: readonly number[];
}

/** Of a forest without acts it is an equal forest. */
export function compactForest(forest: Forest): Compact {
  const isThere = (n: number): boolean => forest.excluded?.[n] !== 1;
  const nodeOf = Array.from({ length: forest.length }, (_, n) => n).filter(isThere);
  const rowOf = new Map(nodeOf.map((n, row) => [n, row]));
  const row = (n: number): number => (n === NONE ? NONE : (rowOf.get(n) ?? NONE));
  const { excluded: _, before: _before, ...columns } = forest;
  const { excluded: _gone, cutShort: _cut, ...table } = forest.trajectories;
  const trajectoryOf = Array.from({ length: table.length }, (_, t) => t).filter((t) => forest.trajectories.excluded?.[t] !== 1);
  const placeOf = new Map(trajectoryOf.map((t, place) => [t, place]));
  const before = (n: number): number => nodeOf.filter((other) => other < n).length;
  const ints = (of: (n: number) => number): Int32Array => Int32Array.from(nodeOf, of);
  const edgeStart = [0];
  const edgeTokens: number[] = [];
  for (const n of nodeOf) {
    edgeTokens.push(...forest.edgeTokens.subarray(forest.edgeStart[n], forest.edgeStart[n + 1]));
    edgeStart.push(edgeTokens.length);
  }
  return {
    nodeOf,
    trajectoryOf,
    forest: {
      ...columns,
      length: nodeOf.length,
      parent: ints((n) => row(forest.parent[n])),
      subtreeEnd: ints((n) => before(forest.subtreeEnd[n])),
      edgeStart: Int32Array.from(edgeStart),
      edgeTokens: Int32Array.from(edgeTokens),
      depth: ints((n) => forest.depth[n]),
      reachCount: ints((n) => forest.reachCount[n]),
      reachStart: ints((n) => forest.reachStart[n]),
      sampledCount: ints((n) => forest.sampledCount[n]),
      kind: Uint8Array.from(nodeOf, (n) => forest.kind[n]),
      kinds: Uint16Array.from(nodeOf, (n) => forest.kinds[n]),
      flags: Uint8Array.from(nodeOf, (n) => (forest.before ?? forest).flags[n]),
      endings: Uint16Array.from(nodeOf, (n) => forest.endings[n]),
      tool: ints((n) => forest.tool[n]),
      treeStart: forest.treeStart.map(before),
      trajectoryOrder: forest.trajectoryOrder.map((t) => placeOf.get(t) ?? NONE),
      keys: Uint32Array.from(nodeOf.flatMap((n) => [forest.keys[2 * n], forest.keys[2 * n + 1]])),
      trajectories: {
        ...table,
        length: trajectoryOf.length,
        rollout: Int32Array.from(trajectoryOf, (t) => table.rollout[t]),
        branch: Int32Array.from(trajectoryOf, (t) => table.branch[t]),
        leaf: Int32Array.from(trajectoryOf, (t) => row(table.leaf[t])),
        tokenCount: Int32Array.from(trajectoryOf, (t) => table.tokenCount[t]),
        reward: Float64Array.from(trajectoryOf, (t) => table.reward[t]),
        advantage: Float64Array.from(trajectoryOf, (t) => table.advantage[t]),
        sampledStart: new Int32Array(trajectoryOf.length + 1),
        ...(table.learners && { learners: Uint8Array.from(trajectoryOf, (t) => table.learners?.[t] ?? 1) }),
      },
    },
  };
}
