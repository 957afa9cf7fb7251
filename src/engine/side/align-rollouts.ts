/** Aligns two branches by their actions: equal ones by their canonical keys, near ones by the words of their arguments. */
import type { AlignedList } from '../../core/align/align.ts';
import { alignInStretches } from '../../core/align/stretches.ts';
import { makeSketches, sketch, wordSet } from '../../core/align/sketch.ts';
import { jaccard } from '../../base/min-hash.ts';
import { KIND, NONE } from '../../core/model/kinds.ts';
import { pathTo } from '../../core/tree/navigate.ts';
import { AFTER, BEFORE, PAIRING, type SideAnswer } from '../answers/side.ts';
import type { Dataset } from '../dataset.ts';
import type { StepParts } from './steps.ts';

/** Steps that are aligned together: two lists of as many take some 10 s. Longer ones are aligned in stretches, which the answer says. */
const MOST_STEPS = 24_000;

export type Rows = Omit<SideAnswer, 'left' | 'right' | 'whyNoText'>;

/** @param parts null: there is no text, and only equal steps are paired */
export async function alignRollouts(
  dataset: Dataset,
  trajectories: readonly [left: number, right: number],
  parts: readonly [left: StepParts, right: StepParts] | null,
  breathe: (done: number, total: number) => Promise<void> | null,
): Promise<Rows> {
  const [left, right] = trajectories.map((trajectory, side) => listOf(dataset, trajectory, parts?.[side === 0 ? 0 : 1] ?? null));
  if (left === undefined || right === undefined) throw new Error('expected two trajectories');
  const pairs = await alignInStretches(left, right, MOST_STEPS, { breathe });
  const leftStep: number[] = [];
  const rightStep: number[] = [];
  const pairing: number[] = [];
  const similarity: number[] = [];
  const put = (i: number, j: number, what: number, how = Number.NaN): void => {
    leftStep.push(i);
    rightStep.push(j);
    pairing.push(what);
    similarity.push(how);
  };
  frame(parts, BEFORE, put);
  let firstDifference = NONE;
  const counts = { equal: 0, near: 0, aloneLeft: 0, aloneRight: 0 };
  const place = (i: number, j: number): void => {
    const isPair = i !== NONE && j !== NONE;
    const isEqual = isPair && left.identity[i] === right.identity[j];
    if (!isEqual && firstDifference === NONE) firstDifference = leftStep.length;
    if (isEqual) counts.equal++;
    else if (isPair) counts.near++;
    else if (j === NONE) counts.aloneLeft++;
    else counts.aloneRight++;
    if (isEqual) put(i, j, PAIRING.equal);
    else put(i, j, isPair ? PAIRING.near : PAIRING.alone, isPair && parts !== null ? likeness(parts, i, j) : Number.NaN);
  };
  for (let at = 0; at < pairs.left.length; at++) place(pairs.left[at] ?? NONE, pairs.right[at] ?? NONE);
  frame(parts, AFTER, put);
  return {
    leftStep: Int32Array.from(leftStep),
    rightStep: Int32Array.from(rightStep),
    pairing: Uint8Array.from(pairing),
    similarity: Float32Array.from(similarity),
    firstDifference,
    ...counts,
    aligned: Math.min(MOST_STEPS, Math.max(left.length, right.length)),
    inStretches: pairs.inStretches,
  };
}

/** What stands before or after the steps, as a row of its own. */
function frame(parts: readonly [StepParts, StepParts] | null, step: number, put: (i: number, j: number, what: number) => void): void {
  const [left, right] = parts?.map(({ of }) => of.get(step)) ?? [];
  if (left === undefined && right === undefined) return;
  const text = (said: typeof left): string => JSON.stringify(said?.map(({ part }) => [part.kind, part.text]));
  const what = left && right ? (text(left) === text(right) ? PAIRING.equal : PAIRING.near) : PAIRING.alone;
  put(left ? step : NONE, right ? step : NONE, what);
}

function likeness([left, right]: readonly [StepParts, StepParts], i: number, j: number): number {
  return jaccard(wordSet(left.action[i]?.text ?? ''), wordSet(right.action[j]?.text ?? ''));
}

function listOf({ actions: { forest } }: Dataset, trajectory: number, parts: StepParts | null): AlignedList {
  const identity: number[] = [];
  const group: number[] = [];
  for (const node of pathTo(forest, forest.trajectories.leaf[trajectory] ?? NONE)) {
    const kind = forest.kind[node] ?? 0;
    const isCall = kind === KIND.call || kind === KIND.memory;
    for (let i = forest.edgeStart[node] ?? 0; i < (forest.edgeStart[node + 1] ?? 0); i++) {
      const known = parts?.action[identity.length] ?? null;
      identity.push(forest.edgeTokens[i] ?? NONE);
      // Calls of one tool, and what else is of one kind, may be nearly equal.
      group.push(known === null ? NONE : isCall ? (forest.tool[node] ?? NONE) : forest.tools.length + kind);
    }
  }
  const sketches = makeSketches(identity.length);
  for (let at = 0; at < identity.length; at++) if (group[at] !== NONE) sketch(sketches, at, wordSet(parts?.action[at]?.text ?? ''));
  return { length: identity.length, identity: Int32Array.from(identity), group: Int32Array.from(group), sketches };
}
