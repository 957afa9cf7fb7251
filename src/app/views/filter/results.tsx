/** The places of the filter's words: tasks, their rollouts, and the first places of each with what stands around them. */
import { useMemo, useRef } from 'react';
import { visible } from '../../../base/visible.ts';
import type { Hit, Taken } from '../../../engine/answers/searching.ts';
import { useTasks } from '../../queries/answers.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { MOST_PLACES, useHits } from '../../queries/search.ts';
import { useChoices } from '../../state/choices.ts';
import { useFoundAt } from '../../state/found.ts';
import { exact, plural } from '../../text/format.ts';
import { useRows } from '../../widgets/rows.ts';
import { sharedPrefix } from '../tasks/order.ts';
import { useTaskOrder } from '../tasks/use-task-order.ts';
import { goTo, rolloutsWithHits } from './steps.ts';

/** Places of one rollout in the list; the others are a step away. */
const SHOWN = 3;
const TASK_ROW = 30;
const LINE = 20;
/** Characters before a match: it is to be seen whatever comes behind. */
const BEFORE = 10;

type Row = { readonly task: number; readonly rollout: null } | { readonly task: number; readonly rollout: number };

export default function Results({ taken }: { readonly taken: Taken }) {
  const rollouts = useRollouts();
  const tasks = useTasks();
  const order = useTaskOrder();
  const prefix = useMemo(() => sharedPrefix(tasks?.label ?? []), [tasks]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => {
    if (rollouts?.length !== taken.taken.length) return [];
    const found = rolloutsWithHits(taken, rollouts.task, order);
    const listed: Row[] = [];
    const at = new Map<number, number[]>();
    for (const rollout of found) at.set(rollouts.task[rollout] ?? -1, [...(at.get(rollouts.task[rollout] ?? -1) ?? []), rollout]);
    for (const task of order) {
      listed.push({ task, rollout: null });
      for (const rollout of at.get(task) ?? []) listed.push({ task, rollout });
    }
    return listed;
  }, [rollouts, taken, order]);
  const virtual = useRows({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(rows[index], taken),
    getItemKey: (index) => `${rows[index]?.task}.${rows[index]?.rollout}`,
    overscan: 4,
  });
  if (rollouts === undefined || tasks === undefined) return null;
  return (
    <section aria-label="Hits" className="flex min-h-0 flex-1 flex-col bg-card">
      {rows.length === 0 && <p className="m-0 p-3 text-t1 text-ink2">No text holds these words.</p>}
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
        <ul aria-label="Rollouts with places" className="relative m-0 w-full list-none p-0" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return (
              <li
                key={item.key}
                className="absolute top-0 left-0 w-full overflow-hidden"
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                {row?.rollout === null && (
                  <TaskHead
                    label={tasks.label[row.task] ?? ''}
                    prefix={prefix}
                    taskKey={tasks.key[row.task] ?? ''}
                    taken={taken}
                    task={row.task}
                    all={tasks.rollouts[row.task] ?? 0}
                  />
                )}
                {row !== undefined && row.rollout !== null && <RolloutHitsRow rollout={row.rollout} taken={taken} />}
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

function heightOf(row: Row | undefined, { hits }: Taken): number {
  if (row === undefined || row.rollout === null) return TASK_ROW;
  const places = hits?.[row.rollout] ?? 0;
  return LINE * (1 + Math.min(places, SHOWN) + (places > SHOWN ? 1 : 0)) + 12;
}

interface HeadProps {
  readonly label: string;
  /** Characters that every label begins with. */
  readonly prefix: number;
  readonly taskKey: string;
  readonly taken: Taken;
  readonly task: number;
  readonly all: number;
}

function TaskHead({ label, prefix, taskKey, taken, task, all }: HeadProps) {
  return (
    <button
      type="button"
      title={visible(label)}
      onClick={() => useChoices.getState().selectTask(taskKey)}
      className="flex h-full w-full items-center gap-2 border-b border-line bg-sunk px-3 text-left text-t1 focus-visible:-outline-offset-2"
    >
      <span className="min-w-0 flex-1 truncate font-mono font-[550]">
        {prefix > 0 && <span className="text-ink2">… </span>}
        {visible(label.slice(prefix))}
      </span>
      <span className="flex-none text-t0 text-ink2 tabular-nums">
        {exact(taken.byTask[task] ?? 0)} of {exact(all)}
      </span>
    </button>
  );
}

function RolloutHitsRow({ rollout, taken }: { readonly rollout: number; readonly taken: Taken }) {
  const rollouts = useRollouts();
  const tasks = useTasks();
  const found = useHits(rollout);
  const at = useFoundAt();
  const selected = useChoices((s) => s.rollout);
  const text = useChoices((s) => s.filter).trim();
  if (rollouts === undefined || tasks === undefined) return null;
  const key = rollouts.keys[rollout];
  const total = taken.hits?.[rollout] ?? 0;
  const go = (index: number): void => goTo({ text, rollouts, tasks }, rollout, index, found?.hits[index]);
  return (
    <div className={`h-full border-b border-line px-3 py-1.5 ${key === selected ? 'bg-leaf-soft' : ''}`}>
      <button type="button" onClick={() => go(0)} className="flex h-5 w-full items-baseline gap-2 text-left text-t1 hover:underline">
        <span className="min-w-0 flex-1 truncate font-mono">{visible(nameOf(rollouts, rollout))}</span>
        <span className="flex-none text-t0 text-ink2 tabular-nums">{plural(total, 'place')}</span>
      </button>
      {found?.hits.slice(0, SHOWN).map((hit, index) => (
        <button
          key={`${hit.branch}.${hit.event}.${hit.part}.${hit.inName}.${hit.start}`}
          type="button"
          aria-current={at !== null && at.rollout === key && at.index === index}
          onClick={() => go(index)}
          className={
            'flex h-5 w-full items-baseline gap-2 text-left text-t0 hover:bg-sunk focus-visible:-outline-offset-2 ' +
            'aria-[current=true]:shadow-[inset_2px_0_var(--focus)]'
          }
        >
          <span className="w-[52px] flex-none truncate text-ink2">{hit.inName ? 'tool' : hit.kind}</span>
          <Snippet hit={hit} />
        </button>
      ))}
      {total > SHOWN && (
        <p className="m-0 h-5 text-t0 text-ink3 tabular-nums">
          first {SHOWN} of {exact(total)}
          {total > MOST_PLACES ? `; Enter goes through the first ${exact(MOST_PLACES)}` : ''}
        </p>
      )}
    </div>
  );
}

/** The match with a little before it. */
function Snippet({ hit: { before, match, after } }: { readonly hit: Hit }) {
  const from = before.length <= BEFORE ? 0 : Math.max(before.length - BEFORE, before.lastIndexOf(' ', before.length - 2) + 1);
  return (
    <span className="min-w-0 flex-1 truncate font-mono text-ink">
      {from > 0 ? '…' : ''}
      {visible(before.slice(from))}
      <mark className="bg-transparent text-ink underline decoration-focus decoration-2 underline-offset-2">{visible(match)}</mark>
      {visible(after)}
    </span>
  );
}

function nameOf(rollouts: NonNullable<ReturnType<typeof useRollouts>>, rollout: number): string {
  const id = rollouts.columns.find((column) => column.id === 'id');
  return id?.type === 'text' ? (id.words[id.codes[rollout] ?? -1] ?? `rollout ${rollout + 1}`) : `rollout ${rollout + 1}`;
}
