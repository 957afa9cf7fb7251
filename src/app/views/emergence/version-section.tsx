/** Figures by version: the change in a table, small plots along the versions, and the mix of tools. */
import type { FigureAnswer, VersionsAnswer } from '../../../engine/answers/emergence.ts';
import { describe, differenceText, estimateText, relativeText } from '../../../engine/words/emergence.ts';
import { excludesZero } from '../../../core/statistics/draws.ts';
import { visible } from '../../../base/visible.ts';
import { exact, plural } from '../../text/format.ts';
import { FigurePlots } from './figure-plots.tsx';
import { MixCard } from './mix-card.tsx';

export function VersionSection({ versions }: { readonly versions: VersionsAnswer | null }) {
  if (versions === null)
    return (
      <p className="m-0 max-w-[70ch] text-t1">
        Nothing parts these rollouts into sets: the log tells no versions of the policy, and no two models or files. Choose two filters, A
        and B, above to hold sets of your own against each other.
      </p>
    );
  const { sets, from, to, left } = versions;
  return (
    <>
      <ChangesTable versions={versions} />
      {(left.words > 0 || left.unknown > 0) && (
        <p className="m-0 text-t0 text-ink2">
          {left.words > 0 && `${plural(left.words, 'smaller set')} not shown (${plural(left.rollouts, 'rollout')}). `}
          {left.unknown > 0 && `${plural(left.unknown, 'rollout')} without a value, in no set.`}
        </p>
      )}
      {sets.length > 2 && <FigurePlots versions={versions} />}
      {versions.mix !== null && <MixCard mix={versions.mix} names={sets.map(({ name }) => visible(name))} from={from} to={to} />}
    </>
  );
}

function ChangesTable({ versions }: { readonly versions: VersionsAnswer }) {
  const { sets, from, to, commonTasks, figures } = versions;
  const nameOf = (set: number): string => visible(sets[set]?.name ?? '');
  const hasTrend = figures.some(({ slope }) => slope !== null) && sets.length > 2;
  const heads = [
    `change, ${plural((sets[from]?.rollouts ?? 0) + (sets[to]?.rollouts ?? 0), 'rollout')}`,
    'relative',
    ...(commonTasks > 0 ? [`change on ${plural(commonTasks, 'common task')}`] : []),
    ...(hasTrend ? ['trend per version'] : []),
  ];
  return (
    <div className="min-w-0 overflow-x-auto rounded border border-line bg-card">
      <table className="w-full min-w-[720px] text-t1 tabular-nums">
        <caption className="px-3 pt-3 pb-1 text-left text-t2 font-[600]">
          From {nameOf(from)} to {nameOf(to)}
        </caption>
        <thead className="text-left text-t0 text-ink2">
          <tr>
            <th scope="col" className="px-3 py-1 font-[400]">
              figure
            </th>
            {[from, to].map((set) => (
              <th key={set} scope="col" className="max-w-56 px-3 py-1 font-[400]">
                <span className="block truncate font-[550] text-ink">{nameOf(set)}</span>
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
        Bold: the 95 % interval leaves out 0.{' '}
        {commonTasks > 0
          ? 'On common tasks: each task that both have counts alike, and tasks are drawn together, so that what is alike in them falls out.'
          : 'No task is common to both: the comparison is unpaired, and other tasks may be what differs.'}
      </p>
    </div>
  );
}

function ChangeRow({
  figure,
  ends,
  hasCommon,
  hasTrend,
}: {
  readonly figure: FigureAnswer;
  readonly ends: readonly [number, number];
  readonly hasCommon: boolean;
  readonly hasTrend: boolean;
}) {
  const about = describe(figure.id);
  const { difference, change, paired, slope } = figure;
  const cells = [
    { text: differenceText(about, difference), isClear: excludesZero(difference) },
    { text: relativeText(change), isClear: excludesZero(change) },
    ...(hasCommon ? [{ text: differenceText(about, paired.difference), isClear: excludesZero(paired.difference) }] : []),
    ...(hasTrend && slope !== null
      ? [{ text: differenceText({ format: about.format === 'count' ? 'decimal' : about.format }, slope), isClear: excludesZero(slope) }]
      : []),
  ];
  return (
    <tr className="border-t border-line">
      <th scope="row" className="px-3 py-1 text-left font-[400]" title={about.help}>
        {about.label}
        {about.unit !== null && about.unit !== about.label.toLowerCase() && <span className="ml-1.5 text-t0 text-ink2">{about.unit}</span>}
      </th>
      {ends.map((set) => {
        const one = figure.sets[set];
        return (
          <td key={set} className="px-3 py-1 whitespace-nowrap" title={one === undefined ? '' : `of ${exact(one.count)} rollouts`}>
            {one === undefined ? '–' : estimateText(about, one)}
          </td>
        );
      })}
      {cells.map(({ text, isClear }, i) => (
        <td key={i} className={`px-3 py-1 whitespace-nowrap ${isClear ? 'font-[600]' : 'text-ink2'}`}>
          {text === '' ? '–' : text}
        </td>
      ))}
    </tr>
  );
}
