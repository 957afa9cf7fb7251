/** What acts say of one node: which lines decide. */
import type { Act } from '../../core/acts/act.ts';
import { NONE } from '../../core/model/kinds.ts';
import { trajectoriesThrough } from '../../core/tree/navigate.ts';
import type { ActReason } from '../answers/acts.ts';
import type { Ruling } from '../ruled.ts';

/**
 * The verbs that bear on node `n`, each with the lines of the rule behind it: that it is dropped, that nobody trains it, that it is
 * pinned or favoured. A node that went because of what was dropped below it has a line of that. O(trajectories through it + path).
 */
export function actReasons({ acted: { resolved }, rule, dataset, problem }: Ruling, n: number): readonly ActReason[] {
  if (resolved === null) return [];
  const { forest } = dataset.tokens;
  const { lineOfRollout, lineOfNode, droppedNodes } = resolved;
  const verbOf = (line: number): Act['verb'] | undefined => rule.acts[line]?.verb;
  const through = trajectoriesThrough(forest, n);
  const linesOf = (verb: Act['verb']): number[] =>
    distinct(
      Array.from(through, (t) => lineOfRollout[forest.trajectories.rollout[t] ?? 0] ?? NONE).filter((line) => verbOf(line) === verb),
    );
  const ownLine = lineOfNode[n] ?? NONE;
  const own = verbOf(ownLine);
  if (problem.forest.excluded?.[n] === 1) {
    const byNode = nearestDrop(forest.parent, droppedNodes, lineOfNode, n, verbOf);
    const below = lineBelow(forest.subtreeEnd[n] ?? n, droppedNodes, lineOfNode, n);
    const lines = byNode !== NONE ? [byNode] : distinct([...linesOf('drop'), ...(below === NONE ? [] : [below])]);
    return [{ verb: 'drop', lines }];
  }
  const reasons: ActReason[] = [];
  const isSilent = (dataset.tokens.forest.sampledCount[n] ?? 0) > 0 && (problem.forest.sampledCount[n] ?? 0) === 0;
  if (isSilent) {
    const lines = own === 'untrained' ? [ownLine] : linesOf('untrained');
    if (lines.length > 0) reasons.push({ verb: 'untrained', lines });
  }
  for (const verb of ['pin', 'favour'] as const) {
    const lines = distinct([...linesOf(verb), ...(own === verb ? [ownLine] : [])]);
    if (lines.length > 0) reasons.push({ verb, lines });
  }
  return reasons;
}

/** What acts say of a rollout, in the end; null: nothing. */
export function rolloutVerb({ acted: { resolved }, rule }: Ruling, rollout: number): Act['verb'] | null {
  return rule.acts[resolved?.lineOfRollout[rollout] ?? NONE]?.verb ?? null;
}

function distinct(lines: readonly number[]): number[] {
  return [...new Set(lines)].sort((a, b) => a - b);
}

/** The line that dropped it by hand, or a node above it; NONE: none did. */
function nearestDrop(
  parent: Int32Array,
  droppedNodes: Uint8Array | null,
  lineOfNode: Int16Array,
  n: number,
  verbOf: (line: number) => Act['verb'] | undefined,
): number {
  for (let at = n; at !== NONE && droppedNodes?.[at] === 1; at = parent[at] ?? NONE) {
    const line = lineOfNode[at] ?? NONE;
    if (verbOf(line) === 'drop') return line;
  }
  return NONE;
}

/** The line that dropped something below it by hand, without which a path could not end here. */
function lineBelow(end: number, droppedNodes: Uint8Array | null, lineOfNode: Int16Array, n: number): number {
  for (let at = n + 1; at < end; at++) if (droppedNodes?.[at] === 1) return lineOfNode[at] ?? NONE;
  return NONE;
}
