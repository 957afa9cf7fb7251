/** What the selection prefers: the two questions with their answers, group by group, at the budget in force and at others. */
import { CHANCES } from '../../../core/emergence/by-chance.ts';
import { SELECTION_GROUPS, type SelectionAnswer, type SelectionAt, type VersionsAnswer } from '../../../engine/answers/emergence.ts';
import {
  AGAINST_WORDS,
  CHANCE_WORDS,
  describe,
  differenceText,
  effectOf,
  estimateText,
  explainedText,
  GROUP_WORDS,
  HYPOTHESES,
  numberText,
  verdictText,
} from '../../../engine/words/emergence.ts';
import { visible } from '../../../base/visible.ts';
import { exact, percent, plural } from '../../text/format.ts';
import type { AmongChances } from '../../../core/emergence/chances.ts';
import { excludesZero, type Estimate } from '../../../core/statistics/draws.ts';
import { ChanceChart } from './chance-chart.tsx';
import { EffectsTable } from './effects-table.tsx';
import { NumberCell } from './figure-name.tsx';
import { Wide } from './wide.tsx';

interface SelectionSectionProps {
  readonly selection: SelectionAnswer;
  readonly versions: VersionsAnswer | null;
}

export function SelectionSection({ selection, versions }: SelectionSectionProps) {
  const [inForce] = selection.budgets;
  if (inForce === undefined) return null;
  const first = versions === null ? '' : visible(versions.sets[versions.from]?.name ?? '');
  return (
    <>
      <h2 className="m-0 pt-2 text-t3 font-[600]">What the selection prefers</h2>
      <p className="m-0 max-w-[90ch] text-t1 text-ink2">
        {budgetText(inForce)}. Held against everything, and against {exact(selection.seeds)} selections by chance of each kind at the same
        cost: what lies outside of all of them, chance gives in 2 of {exact(selection.seeds + 1)} cases.
        {selection.unknownReward > 0 && ` ${plural(selection.unknownReward, 'rollout')} without a reward are neither solved nor failed.`}
        {selection.notLearning > 0 && ` ${plural(selection.notLearning, 'rollout')} may carry no loss and count nowhere.`}
      </p>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,420px),1fr))] gap-3">
        {HYPOTHESES.map((hypothesis) => (
          <HypothesisCard key={hypothesis.figure} hypothesis={hypothesis} selection={selection} at={inForce} first={first} />
        ))}
      </div>
      <EffectsTable at={inForce} groups={selection.groups} />
      <BudgetsTable selection={selection} />
      <ExplainedTable selection={selection} first={first} />
    </>
  );
}

/** `Cut 30 %: 29.9 % of the cost kept, 8,756 tokens with loss`. */
function budgetText({ budget, used, trained }: SelectionAt): string {
  const target = [
    ...(budget.cut < 1 || budget.train === 1 ? [`cut ${percent(budget.cut)}`] : []),
    ...(budget.train < 1 ? [`train ${percent(budget.train)}`] : []),
  ].join(', ');
  return `In force: ${target}; ${percent(used)} of the cost kept, ${plural(trained, 'token')} with loss`;
}

interface HypothesisCardProps {
  readonly hypothesis: (typeof HYPOTHESES)[number];
  readonly selection: SelectionAnswer;
  readonly at: SelectionAt;
  readonly first: string;
}

function HypothesisCard({ hypothesis, selection, at, first }: HypothesisCardProps) {
  const about = describe(hypothesis.figure);
  const rows = SELECTION_GROUPS.flatMap((group) => {
    const effect = effectOf(at, group, hypothesis.figure);
    const rollouts = selection.groups.find((one) => one.group === group)?.rollouts ?? 0;
    return effect === undefined
      ? []
      : [{ group, effect, rollouts, name: group === 'first' && first !== '' ? `rollouts of ${first}` : GROUP_WORDS[group] }];
  });
  return (
    <figure aria-label={hypothesis.asks} className="m-0 flex min-w-0 flex-col gap-2 rounded border border-line bg-card p-3">
      <figcaption className="text-t2 font-[600]">{hypothesis.asks}</figcaption>
      <p className="m-0 text-t0 text-ink2" title={about.help}>
        {about.label}: {about.help}
      </p>
      <ChanceChart
        label={about.label}
        format={about.format}
        rows={rows.map(({ name, effect }) => ({ name, all: effect.all, rule: effect.rule, among: effect.among }))}
      />
      <ul className="m-0 flex list-none flex-col gap-1 p-0 text-t1">
        {rows.map(({ group, effect, name, rollouts }) => (
          <li key={group}>
            <b className="font-[600]">{capital(verdictText(hypothesis, effect))}</b> among {name} ({exact(rollouts)}):{' '}
            {estimateText(about, effect.rule)}, everything {numberText(about.format, effect.all)}, difference{' '}
            {differenceText(about, effect.difference)}.
          </li>
        ))}
      </ul>
    </figure>
  );
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function BudgetsTable({ selection: { budgets } }: { readonly selection: SelectionAnswer }) {
  return (
    <Wide name="Other budgets">
      <table className="w-full min-w-[640px] text-t1 tabular-nums">
        <caption className="px-3 pt-3 pb-1 text-left text-t2 font-[600]">At other budgets, all rollouts</caption>
        <thead className="text-left text-t0 text-ink2">
          <tr>
            {['cut', 'train', 'figure', 'rule', 'everything', ...CHANCES.map((by) => CHANCE_WORDS[by].label), 'answer'].map((head) => (
              <th key={head} scope="col" className="px-3 py-1 font-[400]">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {budgets.flatMap((at, b) =>
            HYPOTHESES.map((hypothesis, h) => {
              const about = describe(hypothesis.figure);
              const effect = effectOf(at, 'all', hypothesis.figure);
              return (
                <tr key={`${b} ${hypothesis.figure}`} className="border-t border-line align-top">
                  <td className="px-3 py-1">{h === 0 ? `${percent(at.budget.cut)}${b === 0 ? ' (in force)' : ''}` : ''}</td>
                  <td className="px-3 py-1">{h === 0 ? percent(at.budget.train) : ''}</td>
                  <th scope="row" className="px-3 py-1 text-left font-[400]">
                    {about.label}
                  </th>
                  <NumberCell text={effect ? estimateText(about, effect.rule) : ''} />
                  <td className="px-3 py-1">{effect ? numberText(about.format, effect.all) : '–'}</td>
                  {CHANCES.map((by) => (
                    <NumberCell
                      key={by}
                      text={effect && effect.among[by].draws > 0 ? estimateText(about, rangeOf(effect.among[by])) : ''}
                    />
                  ))}
                  <td className="px-3 py-1">{verdictText(hypothesis, effect)}</td>
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
      <p className="m-0 px-3 py-2 text-t0 text-ink2">
        By chance: mean of the draws, and the least and the most of them. Parent-closed sets take ends off, as any cut does; whole rollouts
        by chance do not.
      </p>
    </Wide>
  );
}

/** The mean of draws between the least and the most of them. */
function rangeOf({ mean, least, most }: AmongChances): Estimate {
  return { value: mean, low: least, high: most };
}

function ExplainedTable({ selection: { budgets, versionsBy }, first }: { readonly selection: SelectionAnswer; readonly first: string }) {
  const [inForce] = budgets;
  if (inForce === undefined || inForce.explained.length === 0) return null;
  return (
    <Wide name="Shares of the change">
      <table className="w-full min-w-[640px] text-t1 tabular-nums">
        <caption className="px-3 pt-3 pb-1 text-left text-t2 font-[600]">
          How much of the change between versions the selection makes
        </caption>
        <thead className="text-left text-t0 text-ink2">
          <tr>
            {['cut', 'train', 'figure', `selection among ${first}`, 'against', `change, ${versionsBy ?? ''}`, 'share'].map((head) => (
              <th key={head} scope="col" className="px-3 py-1 font-[400]">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {budgets.flatMap(({ budget, explained }, b) =>
            explained.map((one, i) => {
              const about = describe(one.figure);
              return (
                <tr key={`${b} ${i}`} className="border-t border-line align-top">
                  <td className="px-3 py-1">{i === 0 ? percent(budget.cut) : ''}</td>
                  <td className="px-3 py-1">{i === 0 ? percent(budget.train) : ''}</td>
                  <th scope="row" className="px-3 py-1 text-left font-[400]">
                    {about.label}
                  </th>
                  <NumberCell text={differenceText(about, one.selection)} isClear={excludesZero(one.selection)} />
                  <td className="px-3 py-1">{AGAINST_WORDS[one.against]}</td>
                  <NumberCell text={differenceText(about, one.versions)} isClear={excludesZero(one.versions)} />
                  <td className={`px-3 py-1 ${one.share === null ? 'text-ink2' : 'font-[600]'}`}>{explainedText(one)}</td>
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
      <p className="m-0 px-3 py-2 text-t0 text-ink2">
        The difference that the selection makes among the rollouts of the first set ÷ the change from it to the last; only where both
        intervals leave out 0. Any cut shortens, so against everything chance explains something too. A ratio of two differences in a log,
        not a cause.
      </p>
    </Wide>
  );
}
