/** The trajectories of two forests in the order of the inputs, with what refers to them by number. */
import type { TrajectoryTable } from '../model/forest.ts';
import { NONE } from '../model/kinds.ts';
import type { Frozen } from './freeze.ts';
import type { Span } from './span.ts';

type Int32 = Int32Array<ArrayBuffer>;

export interface SplicedTrajectories {
  readonly table: TrajectoryTable;
  /** Trajectories in depth-first order of their leaves. */
  readonly order: Int32;
  readonly actionStart: Int32;
  readonly actionEnd: Int32;
}

/**
 * @param rolloutPlaces side -> rollout -> its place in the new forest, NONE where it is gone; ascending on either side
 * @param length trajectories that go on
 */
export function spliceTrajectories(
  sides: readonly [Frozen, Frozen],
  spans: readonly Span[],
  rolloutPlaces: readonly [Int32Array, Int32Array],
  length: number,
): SplicedTrajectories {
  const table = {
    length,
    rollout: new Int32Array(length),
    branch: new Int32Array(length),
    leaf: new Int32Array(length),
    tokenCount: new Int32Array(length),
    reward: new Float64Array(length),
    advantage: new Float64Array(length),
  };
  const sampled = joiner(length);
  const deeds = joiner(length);
  const places = sides.map(({ forest }) => new Int32Array(forest.trajectories.length).fill(NONE));
  const next: [number, number] = [0, 0];
  /** The rollout of the next trajectory on a side that goes on. */
  const peek = (side: 0 | 1): number => {
    const { rollout } = sides[side].forest.trajectories;
    while (next[side] < rollout.length && rolloutPlaces[side][rollout[next[side]]] === NONE) next[side]++;
    return next[side] < rollout.length ? rolloutPlaces[side][rollout[next[side]]] : Infinity;
  };
  for (let t = 0; t < length; t++) {
    const [before, fresh] = [peek(0), peek(1)];
    const side = before < fresh ? 0 : 1;
    const from = next[side]++;
    const { forest, actionStart, actionEnd } = sides[side];
    const source = forest.trajectories;
    places[side][from] = t;
    table.rollout[t] = Math.min(before, fresh);
    table.branch[t] = source.branch[from];
    table.tokenCount[t] = source.tokenCount[from];
    table.reward[t] = source.reward[from];
    table.advantage[t] = source.advantage[from];
    sampled.take(t, source.sampledStart, source.sampledRuns, from);
    deeds.take(t, actionStart, actionEnd, from);
  }
  const order = new Int32Array(length);
  for (const span of spans) {
    const { forest } = sides[span.side];
    const first = forest.trajectoryStart[span.fromTask];
    const shift = span.node - forest.treeStart[span.fromTask];
    for (let i = first; i < forest.trajectoryStart[span.toTask]; i++) {
      const t = forest.trajectoryOrder[i];
      const place = places[span.side][t];
      order[span.order + i - first] = place;
      table.leaf[place] = forest.trajectories.leaf[t] + shift;
    }
  }
  const runs = sampled.joined();
  const actions = deeds.joined();
  return {
    table: { ...table, sampledStart: runs.start, sampledRuns: runs.values },
    order,
    actionStart: actions.start,
    actionEnd: actions.values,
  };
}

/** Joins what lies in runs per trajectory: neighbours that stay neighbours are one copy. */
function joiner(length: number): {
  /** `place`: of the trajectory in the new forest, in ascending order; null columns hold nothing. */
  take(place: number, starts: Int32Array | null, values: Int32Array | null, from: number): void;
  joined(): { start: Int32; values: Int32 };
} {
  const start = new Int32Array(length + 1);
  const ranges: { values: Int32Array; from: number; to: number }[] = [];
  return {
    take(place, starts, values, from) {
      const count = starts === null ? 0 : starts[from + 1] - starts[from];
      start[place + 1] = start[place] + count;
      if (starts === null || values === null || count === 0) return;
      const last = ranges.at(-1);
      if (last?.values === values && last.to === starts[from]) last.to += count;
      else ranges.push({ values, from: starts[from], to: starts[from] + count });
    },
    joined() {
      const values = new Int32Array(start[length]);
      let at = 0;
      for (const { values: source, from, to } of ranges) {
        values.set(source.subarray(from, to), at);
        at += to - from;
      }
      return { start, values };
    },
  };
}
