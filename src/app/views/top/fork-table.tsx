/** The forks of the token tree at which most trajectories leave the most frequent way, with what came next. */
import { useCallback } from 'react';
import { visible } from '../../../base/visible.ts';
import type { TopForkRow } from '../../../engine/answers/top.ts';
import { useTasks } from '../../queries/answers.ts';
import { useTopForks } from '../../queries/top.ts';
import { exact, plural } from '../../text/format.ts';
import { KIND_NAMES } from '../../text/names.ts';
import { VirtualTable } from '../../widgets/virtual-table.tsx';
import { ReadAt } from './read-at.tsx';

const COLUMNS = 'grid grid-cols-[28px_84px_minmax(180px,2fr)_minmax(260px,3fr)_36px] items-center gap-2 px-3 min-w-[700px]';
const ROW = 112;

export function ForkTable({ task }: { readonly task: number | null }) {
  const { data, error, isPending } = useTopForks(task);
  const onRange = useCallback(() => undefined, []);
  if (error)
    return (
      <p role="alert" className="m-0 p-3 text-t1 text-cut">
        The forks could not be ranked: {error.message}
      </p>
    );
  if (isPending) return <p className="m-0 p-3 text-t1 text-ink2">Looking through the forks…</p>;
  return (
    <>
      <p className="m-0 flex-none border-b border-line px-3 py-1 text-t0 text-ink2">
        {data.rows.length < data.of ? `The first ${exact(data.rows.length)} of ` : ''}
        {plural(data.of, 'fork')} of the token tree, by how many trajectories leave the most frequent way.
      </p>
      <VirtualTable
        label="Most frequent forks"
        columns={COLUMNS}
        names={['', 'parted', 'what precedes', 'what came next', 'turn']}
        count={data.rows.length}
        rowHeight={ROW}
        onRange={onRange}
        renderCells={(at) => {
          const row = data.rows[at];
          return row && <Cells row={row} rank={at + 1} />;
        }}
      />
    </>
  );
}

function Cells({ row, rank }: { readonly row: TopForkRow; readonly rank: number }) {
  const tasks = useTasks();
  return (
    <>
      <td className="p-0 text-right text-t0 text-ink3 tabular-nums">{rank}</td>
      <td className="p-0 text-right text-t1 tabular-nums">
        {exact(row.parted)} of {exact(row.reach)}
      </td>
      <td className="min-w-0 p-0 text-t1">
        <span className="block truncate font-mono text-t0 text-ink3">{visible(tasks?.label[row.task] ?? '')}</span>
        <ReadAt place={row} label="Reads a rollout at this fork">
          <span className="line-clamp-3 min-w-0 font-mono wrap-anywhere">
            {row.before === null ? 'no tokenizer at hand decodes it' : `…${visible(row.before)}`}
          </span>
        </ReadAt>
      </td>
      <td className="min-w-0 p-0 text-t1">
        <ul className="m-0 list-none p-0">
          {row.ways.map((way) => (
            <li key={way.node} className="flex min-w-0 items-center gap-1.5">
              <span className="w-9 flex-none text-right tabular-nums">{exact(way.count)}</span>
              <i aria-hidden="true" className={`size-2 flex-none rounded-[2px] ${KIND_NAMES[way.kind].swatch}`} />
              <span className="sr-only">{KIND_NAMES[way.kind].name}</span>
              {way.tool !== null && <span className="flex-none font-[550]">{visible(way.tool)}</span>}
              <span className="min-w-0 truncate font-mono">{way.words === null ? '' : visible(way.words)}</span>
            </li>
          ))}
          {(row.moreCount > 0 || row.ending > 0) && (
            <li className="pl-[42px] text-t0 text-ink2">
              {row.moreCount > 0 && `${exact(row.moreCount)} on ${plural(row.wayCount - row.ways.length, 'other way')}`}
              {row.moreCount > 0 && row.ending > 0 && ', '}
              {row.ending > 0 && `${exact(row.ending)} end here`}
            </li>
          )}
        </ul>
      </td>
      <td className="p-0 text-right text-t1 tabular-nums">{row.turn}</td>
    </>
  );
}
