/** The tokens of which a figure is largest, each with the text around it. */
import { useCallback } from 'react';
import { visible } from '../../../base/visible.ts';
import type { TokenMeasure, TopTokenRow, TopTokensAnswer } from '../../../engine/answers/top.ts';
import { useTokenContext, useTopTokens } from '../../queries/top.ts';
import { decimal, exact } from '../../text/format.ts';
import { KIND_NAMES } from '../../text/names.ts';
import { VirtualTable } from '../../widgets/virtual-table.tsx';
import { ReadAt } from './read-at.tsx';

const COLUMNS = 'grid grid-cols-[28px_56px_minmax(260px,1fr)_104px_36px_88px_56px_72px] items-center gap-2 px-3 min-w-[760px]';
const ROW = 30;

export function TokenTable({ measure, task }: { readonly measure: TokenMeasure; readonly task: number | null }) {
  const { data, error, isPending } = useTopTokens(measure, task);
  const onRange = useCallback(() => undefined, []);
  if (error)
    return (
      <p role="alert" className="m-0 p-3 text-t1 text-cut">
        The tokens could not be ranked: {error.message}
      </p>
    );
  if (isPending) return <p className="m-0 p-3 text-t1 text-ink2">Looking through the tokens…</p>;
  return (
    <>
      <p className="m-0 flex-none border-b border-line px-3 py-1 text-t0 text-ink2">{wordsOf(data, measure)}</p>
      <VirtualTable
        label={`Tokens by ${measure}`}
        columns={COLUMNS}
        names={['', 'nats', 'token and what stands around it', 'kind', 'turn', 'fate', 'reach', 'source']}
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

function wordsOf({ rows, known, sampled, model }: TopTokensAnswer, measure: TokenMeasure): string {
  if (known === 0)
    return measure === 'mismatch'
      ? 'No token has both: it takes a log with log-probs and a model that scores it (Entropy, key e).'
      : `No token’s ${measure} is known. A model can be run over the log (Entropy, key e).`;
  const shown = rows.length < known ? `The first ${exact(rows.length)} of ` : '';
  const unknown = known < sampled ? `; ${exact(sampled - known)} sampled tokens without a value are not ranked` : '';
  const standIns = measure === 'entropy' ? rows.filter(({ source }) => source === 'surprisal').length : 0;
  const standing = standIns > 0 ? ` Of ${exact(standIns)} listed, surprisal stands in for an unknown entropy.` : '';
  return `${shown}${exact(known)} distinct sampled tokens${unknown}.${model === null ? '' : ` Model: ${visible(model)}.`}${standing}`;
}

function Cells({ row, rank }: { readonly row: TopTokenRow; readonly rank: number }) {
  const kind = KIND_NAMES[row.kind];
  const fate = row.kept ? (row.weight > 0 ? 'kept, trains' : 'kept, no loss') : 'cut';
  return (
    <>
      <td className="p-0 text-right text-t0 text-ink3 tabular-nums">{rank}</td>
      <td className="p-0 text-right text-t1 tabular-nums">{decimal(row.value)}</td>
      <td className="min-w-0 p-0">
        <ReadAt place={row} label="Reads the rollout at this token">
          <Around row={row} />
        </ReadAt>
      </td>
      <td className="flex min-w-0 items-center gap-1.5 p-0 text-t1">
        <i aria-hidden="true" className={`size-2 flex-none rounded-[2px] ${kind.swatch}`} />
        <span className="truncate">{row.tool === null ? kind.name : visible(row.tool)}</span>
      </td>
      <td className="p-0 text-right text-t1 tabular-nums">{row.turn}</td>
      <td className="p-0 text-t1" title={row.kept ? `weight ${decimal(row.weight)}` : undefined}>
        {fate}
      </td>
      <td className="p-0 text-right text-t1 tabular-nums">
        {exact(row.reach)}/{exact(row.trajectories)}
      </td>
      <td className="truncate p-0 text-t1 text-ink2">{row.source}</td>
    </>
  );
}

function Around({ row }: { readonly row: TopTokenRow }) {
  const { data, isPending, error } = useTokenContext(row);
  if (error) return <span className="text-cut">{visible(error.message)}</span>;
  if (isPending) return <span className="text-ink2">…</span>;
  if (data === null) return <span className="text-ink2">id {row.id}, which no tokenizer at hand decodes</span>;
  return (
    <span className="flex w-full min-w-0 justify-center font-mono text-t1 whitespace-pre">
      {/* Cut at its beginning: what stands next to the token is seen. */}
      <span className="flex min-w-0 flex-1 justify-end overflow-hidden text-ink2">{visible(data.before)}</span>
      <mark className="heat-2 mx-px flex-none rounded-sm px-0.5 text-ink underline decoration-dotted underline-offset-2">
        {visible(data.token)}
      </mark>
      <span className="min-w-0 flex-1 overflow-hidden text-ink2">{visible(data.after)}</span>
    </span>
  );
}
