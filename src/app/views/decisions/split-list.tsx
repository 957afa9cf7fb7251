/** "Where runs part ways": forks by how much they explain of the rewards, of the task or of the whole log. */
import { visible } from '../../../base/visible.ts';
import type { SplitRow, SplitSide } from '../../../engine/answers/decisions.ts';
import { useTasks } from '../../queries/answers.ts';
import { useSplits } from '../../queries/decisions.ts';
import { exact, percent, plural } from '../../text/format.ts';
import { Button, Meter, Segments } from '../../widgets/controls.tsx';
import { VirtualList } from '../../widgets/virtual-list.tsx';
import { compareRepresentatives } from './read.ts';
import { StepWords } from './step-words.tsx';
import { rewardWords } from './words.ts';

export type SplitScope = 'task' | 'log';

const SCOPES = [
  { value: 'task' as const, label: 'task', about: 'Forks of this task' },
  { value: 'log' as const, label: 'whole log', about: 'Forks of all tasks' },
];
const ROW = 118;
const ABOUT =
  'Share of the variance of rewards that a fork explains, with what chance alone would give taken off. Ways with fewer than two known ' +
  'rewards are taken together.';

interface ListProps {
  readonly task: number | null;
  readonly scope: SplitScope;
  readonly onScope: (scope: SplitScope) => void;
  readonly onChoose: (row: SplitRow) => void;
}

export function SplitList({ task, scope, onScope, onChoose }: ListProps) {
  const { data, error, isPending } = useSplits(scope === 'log' ? null : task);
  const rows = data?.rows ?? [];
  return (
    <section
      aria-label="Where runs part ways"
      className="flex min-h-0 flex-col border-l border-line bg-card max-[1100px]:border-t max-[1100px]:border-l-0"
    >
      <div className="flex min-h-9 flex-none flex-wrap items-center gap-2 border-b border-line px-3 py-1 text-t1">
        <h2 className="m-0 text-t1 font-[600]" title={ABOUT}>
          Where runs part ways
        </h2>
        <span className="flex-1" />
        <Segments label="Forks of" choices={SCOPES} value={scope} onChange={onScope} />
      </div>
      {error && (
        <p role="alert" className="m-0 p-3 text-t1 text-cut">
          The forks could not be ranked: {error.message}
        </p>
      )}
      <p className="m-0 flex-none border-b border-line px-3 py-1.5 text-t0 text-ink2">
        {isPending
          ? 'Ranking the forks…'
          : data &&
            `${plural(data.forkCount, 'fork')}, of which ${exact(data.rankedCount)} explain some of the rewards` +
              (rows.length < data.rankedCount ? `; the first ${exact(rows.length)} are listed` : '') +
              (data.known < data.rollouts ? `. ${exact(data.rollouts - data.known)} of ${plural(data.rollouts, 'reward')} unknown` : '') +
              '.'}
      </p>
      <VirtualList
        label="Forks"
        count={rows.length}
        rowHeight={ROW}
        active={null}
        renderRow={(index) => {
          const row = rows[index];
          return row && <Row row={row} rank={index + 1} scope={scope} onChoose={() => onChoose(row)} />;
        }}
      />
    </section>
  );
}

function Row({
  row,
  rank,
  scope,
  onChoose,
}: {
  readonly row: SplitRow;
  readonly rank: number;
  readonly scope: SplitScope;
  readonly onChoose: () => void;
}) {
  const tasks = useTasks();
  const share = scope === 'log' ? row.shareOfLog : row.share;
  const best = row.best.representative;
  const worst = row.worst.representative;
  return (
    <div className="flex h-full w-full flex-col border-b border-line hover:bg-sunk">
      <button
        type="button"
        onClick={onChoose}
        className="flex min-h-0 w-full flex-1 flex-col justify-center gap-0.5 px-3 text-left text-t1 -outline-offset-2"
      >
        <span className="flex w-full min-w-0 items-center gap-1.5">
          <span className="w-5 flex-none text-right text-ink3 tabular-nums">{rank}</span>
          <span className="min-w-0 flex-1 truncate text-ink2">
            {scope === 'log' && <span className="font-mono">{visible(tasks?.label[row.task] ?? '')} · </span>}
            {row.after === null ? 'at the first step' : `after step ${exact(row.level)}`}, {plural(row.wayCount, 'way')}
          </span>
          <Meter share={share} className="h-1.5 w-10 flex-none" />
          <span className="w-12 flex-none text-right tabular-nums">{percent(share)}</span>
        </span>
        {row.after && (
          <span className="flex w-full min-w-0 pl-6">
            <StepWords step={row.after} />
          </span>
        )}
        <Side name="best" side={row.best} />
        <Side name="worst" side={row.worst} />
      </button>
      <div className="flex flex-none justify-end px-2 pb-1">
        <Button
          small
          look="quiet"
          disabled={best === null || worst === null}
          onClick={() => best && worst && compareRepresentatives(best, worst)}
        >
          Best and worst side by side
        </Button>
      </div>
    </div>
  );
}

function Side({ name, side }: { readonly name: string; readonly side: SplitSide }) {
  return (
    <span className="flex w-full min-w-0 items-center gap-1.5 pl-6 text-t0">
      <span className="w-8 flex-none text-ink2">{name}</span>
      <span className="w-[118px] flex-none tabular-nums">{rewardWords(side)}</span>
      {side.step ? (
        <StepWords step={side.step} />
      ) : (
        <span className="truncate text-ink2">
          {side.ways > 1 ? `${plural(side.ways, 'way')} with one rollout each` : 'does nothing more'}
        </span>
      )}
    </span>
  );
}
