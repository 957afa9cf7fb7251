/** What a stack of acts comes to: each rollout and each node with the line that decides about it. */
import type { Forest } from '../model/forest.ts';
import { NONE } from '../model/kinds.ts';
import { listRollouts } from '../prune/rollouts.ts';
import { actsOn, FAVOURED, type Act } from './act.ts';

/** A line that is on, with what it names in the open forest. */
export interface ActMatch {
  readonly act: Act;
  /** rollout -> 1; null: it names nodes */
  readonly rollouts: Uint8Array | null;
  /** Rows of the nodes that it names; those below them are named too. Null: it names rollouts. */
  readonly nodes: Int32Array | null;
}

/** Columns by node. */
export interface ActedNodes {
  /** node -> 1: an act pins it */
  readonly pinned: Uint8Array;
  /** node -> how often an act has its signal count; 1: once */
  readonly factor: Float64Array;
}

export interface ResolvedActs {
  /** rollout -> 1; null where no line drops any, or says of any that it is not trained */
  readonly dropped: Uint8Array | null;
  readonly untrained: Uint8Array | null;
  /** rollout -> 1: an export may write it; null: all */
  readonly written: Uint8Array | null;
  /** node -> 1, with all below it; null where no line names nodes so */
  readonly droppedNodes: Uint8Array | null;
  readonly untrainedNodes: Uint8Array | null;
  /** Null where nothing is pinned or favoured. */
  readonly protection: ActedNodes | null;
  /** Place in the given list of the line that decides: rollout ->, node ->; NONE: none does. */
  readonly lineOfRollout: Int16Array;
  readonly lineOfNode: Int16Array;
}

/** Lines from the top down. O(lines · (rollouts + nodes)). @param rollouts how many the forest has */
export function resolveActs(forest: Forest, rollouts: number, matches: readonly ActMatch[]): ResolvedActs {
  const lineOfRollout = new Int16Array(rollouts).fill(NONE);
  const lineOfNode = new Int16Array(forest.length).fill(NONE);
  let written: Uint8Array | null = null;
  for (const [line, { act, rollouts: named, nodes }] of matches.entries()) {
    if (!act.isOn) continue;
    if (nodes !== null) for (const n of nodes) lineOfNode.fill(line, n, forest.subtreeEnd[n]);
    else if (act.verb === 'keep' || act.verb === 'best') {
      const allowed = Uint8Array.from({ length: rollouts }, (_, r) => ((named?.[r] ?? 1) === 1 && written?.[r] !== 0 ? 1 : 0));
      written = act.verb === 'keep' ? allowed : bestOf(forest, allowed, act.count ?? 1, (r) => verbAt(matches, lineOfRollout[r]));
    } else named?.forEach((is, r) => is === 1 && (lineOfRollout[r] = line));
  }
  const ofRollouts = (verb: Act['verb']): Uint8Array | null => maskOf(lineOfRollout, (line) => verbAt(matches, line) === verb);
  const ofNodes = (verb: Act['verb']): Uint8Array | null => maskOf(lineOfNode, (line) => verbAt(matches, line) === verb);
  return {
    dropped: ofRollouts('drop'),
    untrained: ofRollouts('untrained'),
    written,
    droppedNodes: withDescendants(forest, ofNodes('drop')),
    untrainedNodes: ofNodes('untrained'),
    protection: protectionOf(forest, matches, lineOfRollout, lineOfNode),
    lineOfRollout,
    lineOfNode,
  };
}

function verbAt(matches: readonly ActMatch[], line: number): Act['verb'] | undefined {
  return matches[line]?.act.verb;
}

/** Null where no entry has it. */
function maskOf(lines: Int16Array, is: (line: number) => boolean): Uint8Array | null {
  const mask = Uint8Array.from(lines, (line) => (is(line) ? 1 : 0));
  return mask.includes(1) ? mask : null;
}

/** A later line may say something else of a node below a dropped one: it goes with it all the same. */
function withDescendants(forest: Forest, mask: Uint8Array | null): Uint8Array | null {
  if (mask === null) return null;
  for (let n = 0; n < forest.length; n++) {
    const p = forest.parent[n];
    if (p !== NONE && mask[p] === 1) mask[n] = 1;
  }
  return mask;
}

/**
 * rollout -> 1: of its task among the `count` with the highest known reward that are allowed and neither dropped nor untrained;
 * equals go by a hash of their tokens.
 */
function bestOf(forest: Forest, allowed: Uint8Array, count: number, verbOf: (rollout: number) => Act['verb'] | undefined): Uint8Array {
  const listed = listRollouts({ forest, trajectoryReward: forest.trajectories.reward });
  const best = new Uint8Array(allowed.length);
  const byTask = new Map<number, { readonly rollout: number; readonly reward: number }[]>();
  for (const [i, [first = NONE]] of listed.members.entries()) {
    const rollout = forest.trajectories.rollout[first];
    const verb = verbOf(rollout);
    const reward = listed.reward[i];
    if (allowed[rollout] === 0 || Number.isNaN(reward) || verb === 'drop' || verb === 'untrained') continue;
    const own = byTask.get(listed.task[i]);
    if (own === undefined) byTask.set(listed.task[i], [{ rollout, reward }]);
    else own.push({ rollout, reward });
  }
  // Sorting is stable, and the list is in the order of the hashes.
  for (const own of byTask.values()) for (const { rollout } of own.sort((a, b) => b.reward - a.reward).slice(0, count)) best[rollout] = 1;
  return best;
}

function protectionOf(forest: Forest, matches: readonly ActMatch[], lineOfRollout: Int16Array, lineOfNode: Int16Array): ActedNodes | null {
  if (!actsOn(matches.map(({ act }) => act)).some(({ verb }) => verb === 'pin' || verb === 'favour')) return null;
  const pinned = new Uint8Array(forest.length);
  const factor = new Float64Array(forest.length).fill(1);
  const take = (n: number, line: number): void => {
    const act = matches[line]?.act;
    if (act?.verb === 'pin') pinned[n] = 1;
    if (act?.verb === 'favour') factor[n] = Math.max(factor[n], act.times ?? FAVOURED);
  };
  const { leaf, rollout, length } = forest.trajectories;
  for (let t = 0; t < length; t++) take(leaf[t], lineOfRollout[rollout[t]]);
  // A rollout's path is all above its end.
  for (let n = forest.length - 1; n >= 0; n--) {
    const p = forest.parent[n];
    if (p === NONE) continue;
    pinned[p] |= pinned[n];
    factor[p] = Math.max(factor[p], factor[n]);
  }
  for (let n = 0; n < forest.length; n++) take(n, lineOfNode[n]);
  return { pinned, factor };
}
