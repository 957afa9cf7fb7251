/** Before and after in one line each: what the budget in force keeps. */
import type { KeepAnswer, Pair } from '../../../engine/answers/pruning.ts';
import type { Carried, LossCounts } from '../../../engine/answers/training.ts';
import { trainText } from '../../../engine/words/train.ts';
import { useMemo } from 'react';
import { useKeep, useOrder } from '../../queries/answers.ts';
import { useSettingsComparison } from '../../queries/compare.ts';
import { useChoices } from '../../state/choices.ts';
import { CompareNote } from '../compare/compare-note.tsx';
import { deltaOf, deltas as deltasOf } from '../compare/figures.ts';
import { useLossCounts } from '../../queries/training.ts';
import { KeepWarnings } from './keep-warnings.tsx';
import { count, decimal, exact, honestPercent, plural, times } from '../../text/format.ts';

interface Line {
  readonly name: string;
  readonly before?: string;
  readonly after: string;
  readonly about: string;
  readonly tone?: 'good' | 'bad';
}

const change = (pair: Pair): Pick<Line, 'before' | 'after'> => ({ before: count(pair.before), after: count(pair.after) });
const faster = (flat: number, distinct: number): string => times(distinct > 0 ? flat / distinct : Number.NaN);
const of = (pair: Pair): string => `${exact(pair.after)} / ${exact(pair.before)}`;

function linesOf(keep: KeepAnswer, loss: LossCounts | undefined, method: string, isPartial: boolean): readonly Line[] {
  const { signal, distinct, flat, gradient } = keep;
  const known = isPartial ? ' (of the known)' : '';
  const withLoss = (name: string, carried: Carried | undefined, about: string): Line => ({
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

const TONES = { good: 'font-[550] text-leaf', bad: 'font-[550] text-cut' } as const;

export function AfterTable() {
  const { data: keep, error } = useKeep();
  const order = useOrder().data;
  const compared = useSettingsComparison().data;
  const isCompared = useChoices((s) => s.settingsA !== null);
  const deltas = useMemo(() => (isCompared && compared ? deltasOf(compared.a.keep, compared.b.keep) : null), [isCompared, compared]);
  const loss = useLossCounts();
  if (error)
    return (
      <p role="alert" className="m-0 p-3 text-t1 text-cut">
        The budget could not be applied: {error.message}
      </p>
    );
  if (!keep) return <div className="border-line min-[900px]:border-l" />;
  return (
    <div className="flex min-h-0 flex-col border-t border-line text-t1 min-[900px]:border-t-0 min-[900px]:border-l">
      {keep.floorUnmet && (
        <output className="flex-none border-b border-cut bg-cut-soft px-3 py-1.5 text-cut">
          <b className="font-[600]">Pins not met.</b>{' '}
          {keep.cutRank.length > 1
            ? 'In some tasks, pinned events need more than this share; over all tasks they need'
            : 'Pinned events need'}{' '}
          {honestPercent(keep.floorUnmet.floor)} of the cost; {plural(keep.floorUnmet.pinnedDropped, 'pinned node')} dropped.
        </output>
      )}
      {keep.trainPinsUnmet && (
        <output className="flex-none border-b border-cut bg-cut-soft px-3 py-1.5 text-cut">
          <b className="font-[600]">Train pins not met.</b> Events pinned for training need {exact(keep.trainPinsUnmet.pinned)} tokens; the
          train budget is {exact(Math.floor(keep.trainPinsUnmet.budget))}.
        </output>
      )}
      <KeepWarnings warnings={keep.warnings} />
      <div className="min-h-0 flex-1 overflow-auto px-3 py-2">
        <table className="w-full border-collapse">
          {deltas !== null && (
            <thead className="text-t0 text-ink2">
              <tr>
                <th scope="col" className="text-left font-[400]">
                  counter
                </th>
                <th scope="col" className="text-right font-[400]">
                  B
                </th>
                <th scope="col" className="pl-2 text-right font-[400]">
                  B − A
                </th>
              </tr>
            </thead>
          )}
          <tbody>
            {linesOf(keep, loss, order ? trainText(order.rule, keep) : '', (order?.signal.coverage ?? 1) < 1).map((line) => (
              <tr key={line.name} title={line.about}>
                <th scope="row" className="h-[21.6px] w-full max-w-0 truncate p-0 pr-2 text-left font-[400] text-ink2">
                  {line.name}
                </th>
                <td className={`text-right whitespace-nowrap tabular-nums ${line.tone ? TONES[line.tone] : ''}`}>
                  {line.before !== undefined && deltas === null && <span className="text-ink2">{line.before} → </span>}
                  <b className="font-[600]">{line.after}</b>
                </td>
                {deltas !== null && (
                  <td className="pl-2 text-right whitespace-nowrap text-ink2 tabular-nums">{deltaOf(deltas, line.name)}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
        <CompareNote />
      </div>
    </div>
  );
}
