/** The obvious forest, as an oracle: one Map per token prefix, everything looked up by the prefix's text. */
import { CHANNELS } from '../../src/core/model/batch.ts';
import { FLAG, KIND, KINDS } from '../../src/core/model/kinds.ts';
import type { TrajectoryBatch } from '../../src/core/model/batch.ts';

export interface Prefix {
  /** Trajectories that spell this prefix, as indices into the batch. */
  readonly through: number[];
  /** For each of them: its segment's kind, flags and whether a path may end here, and the segment is complete here. */
  readonly segments: { kind: number; flags: number; mayEnd: boolean; isWhole: boolean; tool: number }[];
  /** Some trajectory's segment or the whole trajectory ends here. */
  boundary: boolean;
  /** Tokens that follow in some trajectory. */
  readonly next: Set<number>;
  /** channel -> values of those that have one */
  readonly values: number[][];
}

/** task key + prefix tokens, joined -> what is known there */
export function slowTree(batch: TrajectoryBatch, maxNodeTokens = Infinity): Map<string, Prefix> {
  const tree = new Map<string, Prefix>();
  for (let t = 0; t < batch.trajectoryRollout.length; t++) {
    let key = batch.rollouts[batch.trajectoryRollout[t]].task;
    let above: Prefix | undefined;
    let segment = batch.trajectorySegment[t] - 1;
    for (let i = batch.trajectoryStart[t]; i < batch.trajectoryStart[t + 1]; i++) {
      if (segment + 1 < batch.trajectorySegment[t + 1] && batch.segmentStart[segment + 1] === i) segment++;
      key += ` ${batch.tokens[i]}`;
      let prefix = tree.get(key);
      if (prefix === undefined)
        tree.set(key, (prefix = { through: [], segments: [], boundary: false, next: new Set(), values: CHANNELS.map(() => []) }));
      const last = i + 1 === batch.trajectoryStart[t + 1];
      const isWhole = last || (segment + 1 < batch.trajectorySegment[t + 1] && batch.segmentStart[segment + 1] === i + 1);
      const isBlock = (i + 1 - batch.segmentStart[segment]) % maxNodeTokens === 0;
      const isAtomic = ['call', 'memory', 'result'].includes(KINDS[batch.segmentKind[segment]]);
      prefix.through.push(t);
      prefix.segments.push({
        kind: batch.segmentKind[segment],
        flags: batch.segmentFlags[segment],
        mayEnd: isWhole || (isBlock && !isAtomic),
        isWhole,
        tool: batch.segmentTool[segment],
      });
      prefix.boundary ||= isWhole || isBlock;
      above?.next.add(batch.tokens[i]);
      batch.channels.forEach((channel, c) => {
        if (channel !== null && !Number.isNaN(channel[i])) prefix.values[c].push(channel[i]);
      });
      above = prefix;
    }
  }
  return tree;
}

/** A node ends after this prefix: a segment or trajectory ends, or the ways part. */
export function endsNode(prefix: Prefix): boolean {
  return prefix.boundary || prefix.next.size > 1;
}

/** Flags that a node ending with this prefix must have. */
export function flagsAt(prefix: Prefix): number {
  const kinds = new Set(prefix.segments.map((segment) => segment.kind));
  const sampled = new Set(prefix.segments.map((segment) => segment.flags & FLAG.sampled));
  const own = prefix.segments.reduce((flags, segment) => flags | segment.flags | (segment.mayEnd ? 0 : FLAG.open), 0);
  return own | (kinds.size > 1 || sampled.size > 1 ? FLAG.mixed : 0);
}

/** What must be complete at a node that ends with this prefix: the kind of each segment that is, and 512 where it is an error. */
export function endingsAt(prefix: Prefix): number {
  let endings = 0;
  for (const { kind, flags, isWhole } of prefix.segments) {
    if (!isWhole) continue;
    endings |= 1 << kind;
    if ((flags & FLAG.error) !== 0 && kind !== KIND.scaffold) endings |= 512;
  }
  return endings;
}
