/** Reflection rounds: what tells them, what each gained, and rounds against one round of as many rollouts. */
import { useState } from 'react';
import { visible } from '../../../base/visible.ts';
import type { Estimate, RoundsAnswer } from '../../../engine/answers/rounds.ts';
import { plotInterval, plotNumber } from '../../../engine/plots/number-text.ts';
import { useStudy } from '../../queries/study.ts';
import { useChoices } from '../../state/choices.ts';
import { exact, percent, plural } from '../../text/format.ts';
import { Select } from '../../widgets/controls.tsx';
import { RoundTasks } from './round-tasks.tsx';

const BY_ITSELF = 'by-itself';

export function RoundsSection() {
  const [by, setBy] = useState<string | null>(null);
  // Labels are among what tells rounds.
  const notes = useChoices((s) => s.pruning.present.notes);
  const { answer, error } = useStudy('rounds', [by, notes], (session) => session.rounds({ by }));
  return (
    <>
      {answer !== undefined && answer.sources.length > 0 && (
        <span className="flex items-center gap-2 text-ink2">
          Told by
          <Select
            label="What tells rounds"
            value={by ?? BY_ITSELF}
            choices={[
              { value: BY_ITSELF, label: takenLabel(answer) },
              ...answer.sources.map(({ id, label, rounds, rollouts }) => ({
                value: id,
                label: `${visible(label)} (${plural(rounds, 'round')})`,
                about: `${plural(rounds, 'round')} of ${plural(rollouts, 'rollout')}`,
              })),
            ]}
            onChange={(id) => setBy(id === BY_ITSELF ? null : id)}
          />
        </span>
      )}
      {error !== null && (
        <p role="alert" className="m-0 text-cut">
          No rounds: {error.message}
        </p>
      )}
      {answer === undefined && error === null && <p className="m-0 text-ink2">Looking for rounds…</p>}
      {answer?.by === null && (
        <p className="m-0 max-w-[80ch] text-ink2">
          Nothing in this log tells two rounds: no field named round, iteration, attempt or epoch, no label round:N, no number in the names
          of files, no version of the policy.{' '}
          {answer.sources.length > 0 ? 'Choose above what stands for a round.' : 'Label rollouts round:1, round:2 to tell them.'}
        </p>
      )}
      {answer !== undefined && answer.by !== null && <Rounds answer={answer} />}
    </>
  );
}

/** What is used where nothing is chosen. */
function takenLabel({ sources }: RoundsAnswer): string {
  const taken = sources.find(({ isTaken, rounds }) => isTaken && rounds > 1);
  return taken === undefined ? 'nothing by itself' : `by itself: ${visible(taken.label)}`;
}

/** Keys scroll it. */
const SCROLLABLE = { tabIndex: 0 };

const COLUMNS = [
  ['round', 'Rounds in their order'],
  ['rollouts', 'Rollouts of it'],
  ['tasks', 'Tasks with rollouts in it'],
  ['newly solved', 'Tasks solved in it and in no round before'],
  ['gain', 'Newly solved tasks as a share of all tasks with a known reward'],
  ['solved so far', 'Tasks solved in it or before, of all tasks with a known reward'],
  ['mean reward', 'Over its rollouts of known reward'],
  ['sampled tokens', 'Tokens that the policy wrote in it'],
  ['tokens a rollout', 'Sampled tokens of a rollout, mean'],
] as const;

function Rounds({ answer }: { readonly answer: RoundsAnswer }) {
  const { rounds, tasks, without, unknown, resamples, drawnRounds } = answer;
  const asides = [
    ...(without > 0 ? [`${plural(without, 'rollout')} in no round, left out`] : []),
    ...(unknown > 0 ? [`${plural(unknown, 'rollout')} without a reward, in no mean and no failure`] : []),
    `95 % intervals: ${exact(resamples)} bootstrap draws of tasks and of the rollouts of each`,
    ...(drawnRounds < rounds.length ? [`of the first ${exact(drawnRounds)} rounds`] : []),
  ];
  return (
    <>
      <div className="min-w-0 overflow-x-auto" {...SCROLLABLE}>
        <table aria-label="What each round gained" className="w-full tabular-nums whitespace-nowrap">
          <thead className="text-left text-t0 text-ink2">
            <tr>
              {COLUMNS.map(([name, about]) => (
                <th key={name} scope="col" title={about} className="py-1 pr-3 font-[400]">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rounds.map((round) => (
              <tr key={round.name} className="border-t border-line">
                <th scope="row" className="max-w-60 truncate py-1 pr-3 text-left font-[550]" title={visible(round.name)}>
                  {visible(round.name)}
                </th>
                <td className="py-1 pr-3">{exact(round.rollouts)}</td>
                <td className="py-1 pr-3">{exact(round.tasks)}</td>
                <td className="py-1 pr-3">
                  <b className="font-[550]">{exact(round.newly)}</b>
                </td>
                <Number format="percent" estimate={round.gain} />
                <td className="py-1 pr-3">
                  {exact(round.soFar)} of {exact(tasks)}
                </td>
                <Number format="decimal" estimate={round.reward} />
                <td className="py-1 pr-3">{exact(round.sampled)}</td>
                <Number format="count" estimate={round.sampledEach} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="m-0 text-t0 text-ink2">{asides.join(' · ')}</p>
      <EqualBudget answer={answer} />
      <RoundTasks answer={answer} />
    </>
  );
}

function Number({
  format,
  estimate: { value, low, high },
}: {
  readonly format: 'percent' | 'decimal' | 'count';
  readonly estimate: Estimate;
}) {
  return (
    <td className="py-1 pr-3">
      {plotNumber(format, value)} <span className="text-t0 text-ink2">{plotInterval(format, low, high)}</span>
    </td>
  );
}

function EqualBudget({ answer: { whole, budgets, rounds } }: { readonly answer: RoundsAnswer }) {
  if (rounds.length < 2) return null;
  return (
    <section aria-label="Against one round of as many" className="grid gap-1">
      <h3 className="m-0 text-t1 font-[600]">Against one round of as many rollouts</h3>
      <p className="m-0 max-w-[90ch]">
        All rounds together solved {exact(whole.solved)} of {plural(whole.tasks, 'task')}.{' '}
        {whole.comparable === 0
          ? 'What one round of as many rollouts would have solved is unknown: the first round of no task has as many.'
          : `Of the ${plural(whole.comparable, 'task')} whose first round has as many, the rounds solved ${percent(whole.byRounds)} ` +
            `and one round would have solved ${percent(whole.byOne)}; of the other ${exact(whole.tasks - whole.comparable)} it is unknown.`}
      </p>
      {budgets.length === 0 ? (
        <p className="m-0 text-ink2">
          Smaller budgets cannot be compared either: no task has two rollouts or more in its first round and one in the next.
        </p>
      ) : (
        <div className="max-h-64 min-w-0 overflow-auto" {...SCROLLABLE}>
          <table aria-label="Rounds against one round" className="tabular-nums whitespace-nowrap">
            <thead className="text-left text-t0 text-ink2">
              <tr>
                {['drawn', 'tasks', 'solved by rounds', 'by one round', 'difference'].map((name) => (
                  <th key={name} scope="col" className="py-1 pr-3 font-[400]">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {budgets.map(({ rounds: used, each, tasks, byRounds, byOne, difference }) => (
                <tr key={`${used} ${each}`} className="border-t border-line">
                  <th scope="row" className="py-1 pr-3 text-left font-[400]">
                    {exact(used)} rounds × {exact(each)}, or 1 × {exact(used * each)}
                  </th>
                  <td className="py-1 pr-3">{exact(tasks)}</td>
                  <td className="py-1 pr-3">{percent(byRounds)}</td>
                  <td className="py-1 pr-3">{percent(byOne)}</td>
                  <Number format="percent" estimate={difference} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="m-0 max-w-[90ch] text-t0 text-ink2">
        Rollouts drawn without replacement; draws of different rounds are taken as independent. Only tasks with enough rollouts in all these
        rounds are in both columns.
      </p>
    </section>
  );
}
