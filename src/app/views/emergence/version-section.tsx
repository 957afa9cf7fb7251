/** Figures by version: the change in a table, small plots along the versions, and the mix of tools. */
import { visible } from '../../../base/visible.ts';
import { excludesZero } from '../../../core/statistics/draws.ts';
import type { FigureAnswer, VersionsAnswer } from '../../../engine/answers/emergence.ts';
import { describe, differenceText, estimateText, relativeText } from '../../../engine/words/emergence.ts';
import { plural } from '../../text/format.ts';
import { FigureName, NumberCell } from './figure-name.tsx';
import { Wide } from './wide.tsx';

export function NoVersions() {
  return (
    <p className="m-0 max-w-[70ch] text-t1">
      Nothing parts these rollouts into sets: the log tells no versions of the policy, and no two models or files. Choose two filters, A and
      B, above to hold sets of your own against each other.
    </p>
  );
}

export function ChangesTable({ versions }: { readonly versions: VersionsAnswer }) {
  const { sets, from, to, left, commonTasks, figures } = versions;
  const nameOf = (set: number): string => visible(sets[set]?.name ?? '');
  const hasTrend = figures.some(({ slope }) => slope !== null) && sets.length > 2;
  const heads = [
    'change',
    'relative',
    ...(commonTasks > 0 ? [`on ${plural(commonTasks, 'common task')}`] : []),
    ...(hasTrend ? ['trend per version'] : []),
  ];
  return (
    <Wide name="Changes between sets">
      <table className="w-full min-w-[640px] text-t1 tabular-nums">
        <caption className="px-3 pt-3 pb-1 text-left text-t2 font-[600]">
          From {nameOf(from)} to {nameOf(to)}
        </caption>
        <thead className="text-left align-bottom text-t0 text-ink2">
          <tr>
            <th scope="col" className="px-3 py-1 font-[400]">
              figure
            </th>
            {[from, to].map((set) => (
              <th key={set} scope="col" className="max-w-40 px-3 py-1 font-[400]">
                <span className="block truncate font-[550] text-ink" title={nameOf(set)}>
                  {nameOf(set)}
                </span>
                {plural(sets[set]?.rollouts ?? 0, 'rollout')}, {plural(sets[set]?.tasks ?? 0, 'task')}
              </th>
            ))}
            {heads.map((head) => (
              <th key={head} scope="col" className="px-3 py-1 font-[400]">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map((figure) => (
            <ChangeRow key={figure.id} figure={figure} ends={[from, to]} hasCommon={commonTasks > 0} hasTrend={hasTrend} />
          ))}
        </tbody>
      </table>
      <p className="m-0 px-3 py-2 text-t0 text-ink2">
        Below each number its 95 % interval; bold where that of a change leaves out 0.{' '}
        {commonTasks > 0
          ? 'On common tasks: each task that both have counts alike, and tasks are drawn together, so that what is alike in them falls out.'
          : 'No task is common to both: the comparison is unpaired, and other tasks may be what differs.'}
        {left.words > 0 && ` ${plural(left.words, 'smaller set')} not shown (${plural(left.rollouts, 'rollout')}).`}
        {left.unknown > 0 && ` ${plural(left.unknown, 'rollout')} without a value, in no set.`}
      </p>
    </Wide>
  );
}

interface ChangeRowProps {
  readonly figure: FigureAnswer;
  readonly ends: readonly [number, number];
  readonly hasCommon: boolean;
  readonly hasTrend: boolean;
}

function ChangeRow({ figure, ends, hasCommon, hasTrend }: ChangeRowProps) {
  const about = describe(figure.id);
  const { difference, change, paired, slope } = figure;
  const trend = { format: about.format === 'count' ? ('decimal' as const) : about.format };
  const cells = [
    { text: differenceText(about, difference), isClear: excludesZero(difference) },
    { text: relativeText(change), isClear: excludesZero(change) },
    ...(hasCommon ? [{ text: differenceText(about, paired.difference), isClear: excludesZero(paired.difference) }] : []),
    ...(hasTrend && slope !== null ? [{ text: differenceText(trend, slope), isClear: excludesZero(slope) }] : []),
  ];
  return (
    <tr className="border-t border-line align-top">
      <th scope="row" className="px-3 py-1 text-left font-[400]">
        <FigureName about={about} />
      </th>
      {ends.map((set) => {
        const one = figure.sets[set];
        const text = one === undefined ? '' : estimateText(about, one);
        return <NumberCell key={set} text={text} title={`of ${plural(one?.count ?? 0, 'rollout')}`} />;
      })}
      {cells.map((cell, i) => (
        <NumberCell key={i} {...cell} />
      ))}
    </tr>
  );
}
