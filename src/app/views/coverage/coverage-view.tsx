/** Coverage: tags of tasks on three axes as a heat map of two, with the tasks below, whose tags can be set together. */
import { useMemo, useState } from 'react';
import { AXES, type AxisId } from '../../../core/axes/axes.ts';
import { coverageOf, tagsOn, type CoverageCell } from '../../../core/axes/coverage.ts';
import { tagNames } from '../../../core/axes/force.ts';
import { coverageCsv } from '../../../engine/coverage-csv.ts';
import { download } from '../../../platform/browser/save.ts';
import { useRestingBudget } from '../../queries/answers.ts';
import { useTaggedTasks } from '../../queries/coverage.ts';
import { exact, percent, plural } from '../../text/format.ts';
import { Button, Segments, Select } from '../../widgets/controls.tsx';
import { StudyFrame } from '../studies/study-frame.tsx';
import { HeatMap, nameOf, type CellAt, type Measure } from './heat-map.tsx';
import { SetTags } from './set-tags.tsx';
import { TaskTags } from './task-tags.tsx';

const MEASURES = [
  { value: 'tasks' as const, label: 'tasks', about: 'Tasks of each pair of tags' },
  { value: 'rollouts' as const, label: 'rollouts', about: 'Their rollouts, without those that acts drop' },
  { value: 'tokens' as const, label: 'loss tokens', about: 'Distinct tokens that carry loss at the budget in force' },
];
const PAIRS = [
  { value: 'types' as const, label: 'task type × scenario' },
  { value: 'language-types' as const, label: 'language × task type' },
  { value: 'language-scenarios' as const, label: 'language × scenario' },
];
type Pair = (typeof PAIRS)[number]['value'];
const AXES_OF: Readonly<Record<Pair, readonly [rows: AxisId, columns: AxisId, third: AxisId]>> = {
  types: ['tasktype', 'scenario', 'language'],
  'language-types': ['language', 'tasktype', 'scenario'],
  'language-scenarios': ['language', 'scenario', 'tasktype'],
};
const ANY = '';

export function CoverageView() {
  const [pair, setPair] = useState<Pair>('types');
  const [within, setWithin] = useState(ANY);
  const [measure, setMeasure] = useState<Measure>('tasks');
  const [usesGuesses, setUsesGuesses] = useState(true);
  const [showsAll, setShowsAll] = useState(false);
  const [cell, setCell] = useState<CellAt | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [rowAxis, columnAxis, third] = AXES_OF[pair];
  const { state, tasks, all } = useTaggedTasks(usesGuesses);
  const budget = useRestingBudget();
  const inThird = useMemo(
    () => (within === ANY ? tasks : tasks.filter(({ force }) => force[third].tag === within)),
    [tasks, third, within],
  );
  const coverage = useMemo(
    () =>
      coverageOf(
        inThird.map(({ force, rollouts, tokens = 0 }) => ({ tags: tagNames(force), rollouts, tokens })),
        rowAxis,
        columnAxis,
      ),
    [inThird, rowAxis, columnAxis],
  );
  const listed =
    cell === null ? inThird : inThird.filter(({ force }) => force[rowAxis].tag === cell.row && force[columnAxis].tag === cell.column);
  const shownOf = (axis: AxisId, totals: readonly CoverageCell[]): readonly number[] =>
    [...totals.keys()].filter((at) => axis !== 'language' || showsAll || (totals[at]?.tasks ?? 0) > 0);
  const shown = { rows: shownOf(rowAxis, coverage.rowTotals), columns: shownOf(columnAxis, coverage.columnTotals) };
  const toggle = (subject: string): void => {
    const next = new Set(selected);
    if (!next.delete(subject)) next.add(subject);
    setSelected(next);
  };
  return (
    <StudyFrame
      name="Coverage of tags"
      state={state}
      waiting="Looking for what speaks for tags…"
      bar={
        <>
          <Select
            label="Axes of the map"
            choices={PAIRS}
            value={pair}
            onChange={(next) => {
              setPair(next);
              setWithin(ANY);
              setCell(null);
            }}
          />
          <Select
            label={`Of the third axis, ${labelOf(third)}`}
            choices={[
              { value: ANY, label: `any ${labelOf(third)}` },
              ...tagsOn(third).map((tag) => ({ value: tag, label: nameOf(third, tag) })),
            ]}
            value={within}
            onChange={(next) => {
              setWithin(next);
              setCell(null);
            }}
          />
          <Segments label="What a cell counts" choices={MEASURES} value={measure} onChange={setMeasure} />
          <label className="flex items-center gap-1.5" title="Where nothing is said, the guess by the rules of docs/axes.md counts">
            <input type="checkbox" checked={usesGuesses} onChange={() => setUsesGuesses(!usesGuesses)} />
            count guesses
          </label>
          {(rowAxis === 'language' || columnAxis === 'language') && (
            <label className="flex items-center gap-1.5">
              <input type="checkbox" checked={showsAll} onChange={() => setShowsAll(!showsAll)} />
              all languages
            </label>
          )}
          <span className="flex-1" />
          <Button
            small
            onClick={() =>
              download({ name: 'coverage.csv', blob: new Blob([coverageCsv(coverage, rowAxis, columnAxis)], { type: 'text/csv' }) })
            }
          >
            Save as CSV
          </Button>
        </>
      }
    >
      <div className="-m-3 flex min-h-full flex-col">
        <div className="p-3">
          <p className="mt-0 mb-2 max-w-[96ch] text-t1 text-ink2">
            {plural(inThird.length, 'task')}
            {inThird.length < all && ` of ${exact(all)}, by the filter and the third axis`}, {exact(coverage.total.rollouts)} rollouts,{' '}
            {inThird.some(({ tokens }) => tokens === undefined) ? '…' : exact(coverage.total.tokens)} distinct tokens with loss at cut{' '}
            {percent(budget.cut)}, train {percent(budget.train)}. {exact(emptyIn(coverage.cells))} of{' '}
            {exact(coverage.rows.length * coverage.columns.length)} pairs of tags have no task.
            {(state.answer?.wordless ?? 0) > 0 &&
              ` ${plural(state.answer?.wordless ?? 0, 'rollout')} hold no messages: nothing speaks for a tag.`}
            {state.answer?.unread && ` ${plural(state.answer.unread.rollouts, 'rollout')} could not be read: ${state.answer.unread.why}.`}
          </p>
          <HeatMap
            coverage={coverage}
            rowAxis={rowAxis}
            columnAxis={columnAxis}
            measure={measure}
            shown={shown}
            chosen={cell}
            onChoose={setCell}
          />
        </div>
        <div className="flex h-[420px] flex-none flex-col border-t border-line bg-card">
          <SetTags listed={listed} tasks={tasks} selected={selected} onSelect={(subjects) => setSelected(new Set(subjects))} />
          {cell !== null && (
            <p className="m-0 flex items-center gap-2 px-3 pb-1 text-t0 text-ink2">
              {nameOf(rowAxis, cell.row)} · {nameOf(columnAxis, cell.column)}: {plural(listed.length, 'task')}
              <Button small look="quiet" onClick={() => setCell(null)}>
                Show all
              </Button>
            </p>
          )}
          <TaskTags tasks={listed} selected={selected} onToggle={toggle} />
        </div>
      </div>
    </StudyFrame>
  );
}

function labelOf(axis: AxisId): string {
  return AXES.find(({ id }) => id === axis)?.label ?? axis;
}

function emptyIn(cells: readonly (readonly CoverageCell[])[]): number {
  return cells.flat().filter(({ tasks }) => tasks === 0).length;
}
