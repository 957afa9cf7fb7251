/** The lines of before and after: what each counts, at the budget in force. */
import type { KeepAnswer, Pair } from '../../../engine/answers/pruning.ts';
import type { Carried, LossCounts } from '../../../engine/answers/training.ts';
import { count, decimal, exact, honestPercent, plural, times } from '../../text/format.ts';

export interface AfterLine {
  readonly name: string;
  readonly before?: string;
  readonly after: string;
  readonly about: string;
  readonly tone?: 'good' | 'bad';
}

const change = (pair: Pair): Pick<AfterLine, 'before' | 'after'> => ({ before: count(pair.before), after: count(pair.after) });
const faster = (flat: number, distinct: number): string => times(distinct > 0 ? flat / distinct : Number.NaN);
const of = (pair: Pair): string => `${exact(pair.after)} / ${exact(pair.before)}`;

/** @param method how tokens were chosen for loss, in words. @param isPartial the signal of some sampled tokens is not known */
export function afterLines(keep: KeepAnswer, loss: LossCounts | undefined, method: string, isPartial: boolean): readonly AfterLine[] {
  const { signal, distinct, flat, gradient } = keep;
  const known = isPartial ? ' (of the known)' : '';
  const withLoss = (name: string, carried: Carried | undefined, about: string): AfterLine => ({
    name,
    after: carried ? `${exact(carried.with)} / ${exact(carried.of)}` : '…',
    about,
  });
  const without = loss ? loss.tasks.of - loss.tasks.with : null;
  return [
    ...(gradient === null
      ? []
      : [
          {
            name: 'gradient kept (cosine)',
            after: decimal(gradient.cosine),
            about: 'Of what carries loss, with the gradient of the full set, by a scoring model; not by the model that you train',
            tone: 'good' as const,
          },
        ]),
    {
      name: `signal retained${known}`,
      after: honestPercent(signal.total > 0 ? signal.kept / signal.total : Number.NaN),
      about: `Share of all signal${known} in kept nodes`,
    },
    {
      name: `loss signal retained${known}`,
      after: honestPercent(signal.total > 0 ? keep.lossSignal / signal.total : Number.NaN),
      about: `Share of all signal${known} in tokens that carry loss, by ${method}; weights are not counted`,
    },
    {
      name: 'of the best possible',
      after: signal.bound > 0 ? `≥ ${honestPercent(Math.min(1, signal.kept / signal.bound))}` : '–',
      about: 'Retained ÷ an upper bound on what any parent-closed cut of this cost can retain: a certificate, not an estimate',
      tone: 'good',
    },
    ...(signal.pinnedBound === null
      ? []
      : [
          {
            name: 'of the best with pins',
            after: signal.pinnedBound > 0 ? `≥ ${honestPercent(Math.min(1, signal.kept / signal.pinnedBound))}` : '–',
            about: 'Retained ÷ an upper bound on what any parent-closed cut of this cost that keeps every pinned event can retain',
            tone: 'good' as const,
          },
        ]),
    {
      name: 'distinct tokens',
      ...change(distinct),
      about: `${exact(distinct.before)} → ${exact(distinct.after)}: each shared prefix once`,
    },
    {
      name: `tokens with loss: ${method}`,
      before: count(keep.sampled.after),
      after: count(keep.training.after),
      about:
        `${exact(keep.sampled.after)} kept sampled tokens → ${exact(keep.training.after)} that carry loss, by ${method}; ` +
        `${exact(keep.training.before)} are sampled in the log`,
    },
    withLoss('rollouts with loss', loss?.rollouts, 'Rollouts of which some token that they sampled carries loss'),
    {
      name: 'solved · failed, of those',
      after: loss ? `${exact(loss.solved)} · ${exact(loss.failed)}${loss.unknown > 0 ? ` · ${exact(loss.unknown)} unknown` : ''}` : '…',
      about: 'Rollouts with loss by reward: above 0, not above 0, and not known',
    },
    withLoss('turns with loss', loss?.turns, 'Sampled turns, those that rollouts share once, with a token of loss'),
    withLoss('endings with loss', loss?.endings, 'Turns that end a rollout, with a token of loss'),
    {
      name: 'tasks without any loss',
      after: loss && without !== null ? `${exact(without)} of ${exact(loss.tasks.of)}` : '…',
      about: 'Tasks that the policy wrote in, of which no token carries loss',
      ...(without !== null && without > 0 && { tone: 'bad' as const }),
    },
    {
      name: 'tool · memory kept',
      after: `${of(keep.calls)} · ${keep.memory.after === keep.memory.before ? `all ${exact(keep.memory.before)}` : of(keep.memory)}`,
      about: 'Tool calls and memory events kept, out of all',
    },
    {
      name: 'pairs intact',
      after: keep.brokenPairs === 0 ? 'all' : `${plural(keep.brokenPairs, 'pair')} broken`,
      about: 'No call is kept without its result, where the log has one',
      tone: keep.brokenPairs === 0 ? 'good' : 'bad',
    },
    { name: 'flat tokens', ...change(flat), about: `${exact(flat.before)} → ${exact(flat.after)}: every branch written out` },
    {
      name: 'flat ÷ distinct tokens',
      before: faster(flat.before, distinct.before),
      after: faster(flat.after, distinct.after),
      about: 'The most that training on trees instead of separate branches can gain: a limit from counting, not a measurement',
    },
    {
      name: 'rollouts whole · shortened',
      after: `${exact(keep.rollouts.whole)} · ${exact(keep.rollouts.touched)}`,
      about: `Kept to their last token, and those that lose at least one, of ${exact(keep.rollouts.total)}`,
    },
    {
      name: 'tasks without an ending',
      after: `${exact(keep.tasks.withoutEndings)} / ${exact(keep.tasks.total)}`,
      about: `Of which no turn that ends a rollout is kept; ${exact(keep.tasks.empty)} keep nothing that the policy wrote`,
    },
    { name: 'final turns kept', after: of(keep.finals), about: 'Kept out of all' },
    { name: 'errors kept', after: of(keep.errors), about: 'Kept out of all' },
    { name: 'branches', ...change(keep.branches), about: 'Root-to-leaf paths' },
    { name: 'nodes', ...change(keep.nodes), about: 'Rows of the forest' },
  ];
}
