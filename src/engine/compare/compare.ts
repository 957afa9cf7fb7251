/** Holds two rulings at a budget each against each other. */
import { counts, keptBits, keptOverlaps, wholeBits, type KeptSet } from '../../core/prune/overlap.ts';
import { KEPT_BY, type OverlapRow, type SettingsComparison, type Side } from '../answers/comparing.ts';
import type { RolloutsAnswer } from '../answers/rollouts.ts';
import { entropyFacts } from '../dataset.ts';
import { setsOfColumn } from '../plots/sets.ts';
import { keepAnswer, orderAnswer } from '../ruling.ts';
import type { Keep, Ruling } from '../ruled.ts';

/** Words of a column that are listed, those of most rollouts. */
const WORDS = 12;
const GROUPS = ['policy', 'outcome', 'task'] as const;

export interface Applied {
  readonly ruling: Ruling;
  readonly keep: Keep;
}

function keptSet({ ruling, keep }: Applied): KeptSet {
  return { rank: ruling.order.rank, limit: keep.cut.limit, train: keep.train };
}

function sideOf({ ruling, keep }: Applied): Side {
  const { curve, totalCost } = orderAnswer(ruling);
  const entropy = entropyFacts(ruling.dataset.tokens.forest, ruling.model);
  return { orderId: ruling.id, keep: keepAnswer(ruling, keep), curve, totalCost, entropy };
}

/** Both must be of one dataset. */
export function compareApplied(a: Applied, b: Applied, rollouts: RolloutsAnswer): Omit<SettingsComparison, 'isHeld'> {
  const { forest } = a.ruling.dataset.tokens;
  const { nodes, tokens, trained } = keptOverlaps(forest, keptSet(a), keptSet(b));
  const whole = comparedRollouts(a, b);
  const all = counts();
  for (const bits of whole) all.add(bits, 1);
  const overlaps: OverlapRow[] = [
    { of: 'nodes', overlap: nodes },
    { of: 'tokens', overlap: tokens },
    { of: 'trained', overlap: trained },
    { of: 'rollouts', overlap: all.overlap() },
  ];
  const groups = GROUPS.flatMap((by) => {
    const sets = setsOfColumn(rollouts, by);
    if (sets === null || sets.length < 2) return [];
    const words = sets.map(({ word, members }) => {
      const own = counts();
      for (const r of members) own.add(whole[r] ?? 0, 1);
      return { word, rollouts: members.length, overlap: own.overlap() };
    });
    const largest = words.toSorted((x, y) => y.rollouts - x.rollouts).slice(0, WORDS);
    return [{ by, words: words.filter((one) => largest.includes(one)), left: words.length - largest.length }];
  });
  return { a: sideOf(a), b: sideOf(b), overlaps, groups };
}

/** rollout -> bits of who keeps it whole. Both must be of one dataset. */
export function comparedRollouts(a: Applied, b: Applied): Uint8Array<ArrayBuffer> {
  const { forest, rollouts } = a.ruling.dataset.tokens;
  const whole = wholeBits(forest, rollouts.length, keptSet(a), keptSet(b));
  // What an act drops is not kept, though others may keep its tokens.
  const drop = ({ acted: { resolved } }: Ruling, bit: number): void => {
    for (const [r, isDropped] of (resolved?.dropped ?? []).entries()) if (isDropped === 1) whole[r] = (whole[r] ?? 0) & ~bit;
  };
  drop(a.ruling, KEPT_BY.a);
  drop(b.ruling, KEPT_BY.b);
  return whole;
}

/** node of the task's token tree -> bits of who keeps it. */
export function comparedNodes(a: Applied, b: Applied, task: number): Uint8Array<ArrayBuffer> {
  const { treeStart } = a.ruling.dataset.tokens.forest;
  return keptBits(keptSet(a), keptSet(b), task, treeStart[task] ?? 0, treeStart[task + 1] ?? 0);
}
