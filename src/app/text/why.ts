/** Words the facts of `WhyAnswer` as one or two plain sentences. */
import type { Act } from '../../core/acts/act.ts';
import type { Unit } from '../../core/model/rule.ts';
import { lossText } from '../../engine/words/loss.ts';
import type { WhyAnswer } from '../../engine/answers/looking.ts';
import { byText } from '../../engine/words/acts.ts';
import { decimal, exact, percent } from './format.ts';

const PROTECTED_AS: Readonly<Record<string, string>> = {
  tool: 'a tool call',
  result: 'a tool result',
  memory: 'a memory event',
  error: 'an error',
  final: 'a final turn',
  thinking: 'thinking',
  text: 'text',
  hand: 'chosen by hand',
};

export interface WhyWords {
  /** 'Kept', 'Dropped' or 'Pinned but dropped'. */
  readonly verdict: string;
  readonly rest: string;
}

/** The same node under a cut that has moved since it was asked for: what it drops carries no loss. `cut` null: not known here. */
export function whyAt(why: WhyAnswer, cut: number | null): WhyAnswer {
  const kept = cut === null ? why.kept : why.rank - 1 < cut;
  return kept === why.kept ? why : { ...why, kept, loss: null, pinnedUnmet: why.protection === 'pin' && !kept };
}

/** `budget` is the share of the cut in force, 0..1, and `unit` what costs are counted in. */
export function wordWhy(why: WhyAnswer, budget: number, unit: Unit, acts: readonly Act[] = []): WhyWords {
  const dropped = why.acts.find(({ verb }) => verb === 'drop');
  if (dropped !== undefined) return { verdict: 'Dropped', rest: ` ${byText(acts, dropped)}, before any budget.` };
  const verdict = why.pinnedUnmet ? 'Pinned but dropped' : why.kept ? 'Kept' : 'Dropped';
  const parts = [
    ` at rank ${exact(why.rank)} of ${exact(why.of)}: signal per ${unit === 'flops' ? 'FLOP' : 'token'} ${decimal(why.signalPerCost)}`,
  ];
  if (why.kept) parts.push(`, in the block that opens at ${percent(why.opensAt)} of all cost.`);
  else if (why.entersAt <= 1) parts.push(`; it enters at ${percent(why.entersAt)}, and the budget is ${percent(budget)}.`);
  else parts.push('; no budget keeps it under this rule.');
  const notes: string[] = [];
  if (why.protection !== 'off') notes.push(protectionNote(why, acts));
  if (why.pinnedUnmet) notes.push('Pinned events alone need more than the budget, so they compete by importance.');
  if (why.kept && why.keptWith === 'result') notes.push('A call and its result are kept together.');
  if (why.kept && why.keptWith === 'context') notes.push('Kept as local context of the protected node above it.');
  if (why.kept && why.keptWith === 'ancestor') notes.push('Kept because a kept node lies below it.');
  const untrained = why.acts.find(({ verb }) => verb === 'untrained');
  if (untrained !== undefined) notes.push(`Not trained: so said ${byText(acts, untrained)}.`);
  else if (why.kept && why.loss !== null) notes.push(lossText(why.loss));
  return { verdict, rest: `${parts.join('')} ${notes.join(' ')}`.trimEnd() };
}

function protectionNote(why: WhyAnswer, acts: readonly Act[]): string {
  const as = why.protectedAs.map((kind) => PROTECTED_AS[kind] ?? kind).join(' and ');
  const said = why.acts.find(({ verb }) => verb === why.protection);
  if (why.protectedAs[0] === 'act' && said !== undefined)
    return `${why.protection === 'pin' ? 'Pinned' : `Favoured ×${why.factor}`} ${byText(acts, said)}.`;
  const byHand = why.protectedAs.length === 1 && why.protectedAs[0] === 'hand';
  const level = why.protection === 'pin' ? 'Pinned' : `Favoured ×${why.factor}`;
  return as === '' ? `${level}.` : byHand ? `${level} by hand.` : `${level} as ${as}.`;
}
