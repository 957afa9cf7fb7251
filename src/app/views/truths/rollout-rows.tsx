/** A row for each rollout: rewards, discrepancy, nearest ground truth, and where it deviates. */
import { useCallback, useMemo, useState } from 'react';
import { visible } from '../../../base/visible.ts';
import { TRUTH_GAPS, type TruthsAnswer, type TruthStops } from '../../../engine/answers/truths.ts';
import { GAP_WORDS } from '../../../engine/words/truths.ts';
import { useTasks } from '../../queries/answers.ts';
import { useChoices } from '../../state/choices.ts';
import { useTruthsChoice } from '../../state/truths.ts';
import { openTranscript } from '../../state/transcript.ts';
import { decimal, exact, plural } from '../../text/format.ts';
import { Select } from '../../widgets/controls.tsx';
import { VirtualTable } from '../../widgets/virtual-table.tsx';

const COLUMNS =
  'grid grid-cols-[minmax(110px,1.2fr)_minmax(90px,1fr)_minmax(120px,1fr)_minmax(150px,1.3fr)_52px_76px_60px_84px] ' +
  'items-center gap-3 px-3 min-w-[850px]';
const ROW = 30;
const NUMBER = 'p-0 text-right tabular-nums';
const LINK = 'min-w-0 truncate rounded-sm text-left underline decoration-line2 underline-offset-2 hover:decoration-ink';

type Order = 'log' | 'far' | 'near' | 'early';
const ORDERS = [
  { value: 'log' as const, label: 'in the order of the log' },
  { value: 'far' as const, label: 'largest discrepancy first' },
  { value: 'near' as const, label: 'smallest discrepancy first' },
  { value: 'early' as const, label: 'most tokens saved first' },
];

interface RowsProps {
  readonly answer: TruthsAnswer;
  readonly stops: TruthStops | undefined;
}

export function RolloutRows({ answer, stops }: RowsProps) {
  const [order, setOrder] = useState<Order>('log');
  const onRange = useCallback(() => undefined, []);
  const rows = useMemo(() => sorted(answer, stops, order), [answer, stops, order]);
  return (
    <>
      <div className="flex flex-none items-center gap-2 border-b border-line px-3 py-1 text-t0 text-ink2">
        {plural(rows.length, 'rollout')},
        <Select label="Order of rollouts" choices={ORDERS} value={order} onChange={setOrder} />
      </div>
      <VirtualTable
        label="Rollouts beside ground truths"
        columns={COLUMNS}
        names={['rollout', 'task', 'nearest ground truth', 'deviates at', 'reward', 'discrepancy', 'relative', 'tokens saved']}
        firstNumber={4}
        count={rows.length}
        rowHeight={ROW}
        onRange={onRange}
        renderCells={(at) => <Cells answer={answer} stops={stops} r={rows[at] ?? 0} />}
      />
    </>
  );
}

/** Unknown ones come last. */
function sorted({ rollouts }: TruthsAnswer, stops: TruthStops | undefined, order: Order): readonly number[] {
  const rows = [...rollouts.keys.keys()];
  if (order === 'log') return rows;
  const value = (r: number): number => (order === 'early' ? (stops?.saved[r] ?? 0) : (rollouts.discrepancy[r] ?? Number.NaN));
  const sign = order === 'near' ? 1 : -1;
  const placed = (r: number): number => (Number.isNaN(value(r)) ? Infinity : sign * value(r));
  return rows.sort((a, b) => (placed(a) === placed(b) ? a - b : placed(a) - placed(b)));
}

function Cells({ answer, stops, r }: RowsProps & { readonly r: number }) {
  const { rollouts, tasks, truths } = answer;
  const taskKey = useTasks()?.key[rollouts.task[r] ?? -1];
  const chosen = useTruthsChoice((s) => s.rollout);
  const key = rollouts.keys[r] ?? '';
  const node = stops?.node[r] ?? null;
  const gap = TRUTH_GAPS[rollouts.gap[r] ?? -1];
  const nearest = truths[rollouts.nearest[r] ?? -1];
  const call = stops?.call[r] ?? -1;
  const goToNode = (): void => {
    const choices = useChoices.getState();
    if (taskKey !== undefined) choices.selectTask(taskKey);
    choices.set({ rollout: key, treeView: 'tokens', shape: 'icicle', tab: 'tree' });
    choices.selectNode(node);
  };
  return (
    <>
      <td className="flex min-w-0 p-0 text-t1">
        <button
          type="button"
          title={`Reads ${visible(rollouts.ids[r] ?? '')}${node === null ? '' : ' where it deviates'}`}
          onClick={() => openTranscript(key, { node, ...(taskKey === undefined ? {} : { task: taskKey }) })}
          className={`${LINK} font-mono`}
        >
          {visible(rollouts.ids[r] ?? '')}
        </button>
      </td>
      <td className="truncate p-0 text-t1 text-ink2" title={visible(tasks[rollouts.task[r] ?? -1] ?? '')}>
        {visible(tasks[rollouts.task[r] ?? -1] ?? '')}
      </td>
      <td className="truncate p-0 text-t1 text-ink2">{gap === undefined ? truthText(answer, r, nearest) : GAP_WORDS[gap]}</td>
      <td className="flex min-w-0 p-0 text-t1">
        {call < 0 ? (
          <span className="text-ink2">{gap !== undefined ? '' : stops === undefined ? '…' : 'does not'}</span>
        ) : node === null ? (
          <span className="truncate">{placeText(stops, r)}</span>
        ) : (
          <button type="button" title="Goes to its node in the tree" onClick={goToNode} className={LINK}>
            {placeText(stops, r)}
          </button>
        )}
      </td>
      <td className={`${NUMBER} text-t1`}>{decimal(rollouts.reward[r] ?? Number.NaN)}</td>
      <td className={`${NUMBER} text-t1`}>
        {gap === undefined ? (
          <button
            type="button"
            aria-expanded={chosen === key}
            title="Its calls beside those of the ground truth"
            onClick={() => useTruthsChoice.setState({ rollout: chosen === key ? null : key })}
            className={LINK}
          >
            {decimal(rollouts.discrepancy[r] ?? Number.NaN, 3)}
          </button>
        ) : (
          <span className="text-ink2">unknown</span>
        )}
      </td>
      <td className={`${NUMBER} text-t1`}>{decimal(rollouts.relative[r] ?? Number.NaN, 3)}</td>
      <td className={`${NUMBER} text-t1`}>{call < 0 ? '' : exact(stops?.saved[r] ?? 0)}</td>
    </>
  );
}

function truthText({ rollouts }: TruthsAnswer, r: number, nearest: TruthsAnswer['truths'][number] | undefined): string {
  if (nearest === undefined) return '';
  const calls = `${plural(nearest.calls, 'call')}${nearest.hasAnswer ? ', answer' : ''}${nearest.hasPatch ? ', patch' : ''}`;
  if (nearest.rollouts.length === 0) return `reference, ${calls}`;
  if (rollouts.isTruth[r] === 1 && nearest.rollouts.includes(rollouts.keys[r] ?? '')) return `itself, ${calls}`;
  const other = rollouts.ids[rollouts.keys.indexOf(nearest.rollouts[0] ?? '')] ?? '';
  return `${visible(other)}, ${calls}`;
}

function placeText(stops: TruthStops | undefined, r: number): string {
  return `call ${exact((stops?.call[r] ?? 0) + 1)}, ${visible(stops?.tool[r] ?? '')}`;
}
