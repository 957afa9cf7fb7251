/** Two rollouts side by side, aligned by what they do: where they part first, and what differs in what they say. */
import { useEffect, useRef, useState } from 'react';
import type { SideAnswer } from '../../../engine/answers/side.ts';
import { useCompared, useSide, useSideProgress, type Compared } from '../../queries/side.ts';
import { useChoices } from '../../state/choices.ts';
import { setSideBranches, useSideBranches, type SideBranches } from '../../state/side.ts';
import { exact, percent, plural } from '../../text/format.ts';
import { Button, Kbd } from '../../widgets/controls.tsx';
import { useRows } from '../../widgets/rows.ts';
import { differenceBeside, sideRows } from './rows.ts';
import { SideHead } from './side-head.tsx';
import { setSideMoves } from './side-keys.ts';
import { Fold, Pair } from './side-row.tsx';

export function Side() {
  const compared = useCompared();
  if (compared === null)
    return <p className="m-0 p-3 text-t1 text-ink2">Two rollouts are needed: choose them in the rollout table, or a task that has two.</p>;
  return <Two key={`${compared.left} ${compared.right}`} compared={compared} />;
}

function Two({ compared }: { readonly compared: Compared }) {
  const set = useChoices((s) => s.set);
  const { left, right } = compared;
  const branches = useSideBranches(left, right);
  const setBranches = (next: SideBranches): void => setSideBranches(left, right, next);
  const { data: answer, error } = useSide(compared, branches);
  const progress = useSideProgress();
  return (
    <section aria-label="Two rollouts side by side" className="absolute inset-0 flex flex-col bg-card">
      <div className="grid flex-none grid-cols-[minmax(0,1fr)_52px_minmax(0,1fr)] border-b border-line">
        <SideHead
          label="Left rollout"
          about={answer?.left ?? null}
          chosen={left}
          onChoose={(key) => key !== '' && set({ rollout: key, other: right })}
          onBranch={(branch) => setBranches({ ...branches, left: branch })}
        />
        <div className="grid place-content-center border-x border-line bg-sunk">
          <Button small look="quiet" aria-label="Swap the two rollouts" title="Swap" onClick={() => set({ rollout: right, other: left })}>
            ⇄
          </Button>
        </div>
        <SideHead
          label="Right rollout"
          about={answer?.right ?? null}
          chosen={right}
          onChoose={(key) => key !== '' && set({ rollout: left, other: key })}
          onBranch={(branch) => setBranches({ ...branches, right: branch })}
        />
      </div>
      {error ? (
        <p role="alert" className="m-0 p-3 text-t1 text-cut">
          These two could not be aligned: {error.message}
        </p>
      ) : answer === undefined ? (
        <output className="block p-3 text-t1 text-ink2">Aligning{progress === null ? '…' : `: ${percent(progress, 0)}`}</output>
      ) : answer === null ? (
        <p className="m-0 p-3 text-t1 text-ink2">The open log lacks one of these rollouts.</p>
      ) : (
        <Aligned answer={answer} compared={compared} branches={branches} />
      )}
    </section>
  );
}

function Aligned({
  answer,
  compared,
  branches,
}: {
  readonly answer: SideAnswer;
  readonly compared: Compared;
  readonly branches: SideBranches;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const rows = sideRows(answer, open);
  const first = rows.findIndex((row) => row.type === 'pair' && row.isFirstDifference);
  const [at, setAt] = useState(first);
  const virtual = useRows({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.type === 'fold' ? 33 : 180),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 4,
  });
  const go = (to: number | null): void => {
    if (to === null || to < 0) return;
    setAt(to);
    virtual.scrollToIndex(to, { align: 'start' });
  };
  // Once, when two rollouts are shown: afterwards people scroll for themselves.
  const shownFirst = useRef(first);
  useEffect(() => {
    if (shownFirst.current > 0) virtual.scrollToIndex(shownFirst.current, { align: 'start' });
  }, [virtual]);
  const step = (by: 1 | -1): void => go(differenceBeside(rows, answer.pairing, at, by));
  useEffect(() => {
    setSideMoves({ difference: step, first: () => go(first) });
    return () => setSideMoves(null);
  });
  return (
    <>
      <div className="flex min-h-8 flex-none flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1 text-t1 tabular-nums">
        <span>
          {plural(answer.equal, 'step')} the same · {exact(answer.near)} alike · {exact(answer.aloneLeft)} only left ·{' '}
          {exact(answer.aloneRight)} only right
        </span>
        {compared.isProposed && (
          <span className="text-ink2" title="Nobody chose the right one: of its task, its reward is farthest from the left one’s">
            proposed pair
          </span>
        )}
        {answer.whyNoText !== null && <span className="text-cut">by equal actions only: {answer.whyNoText}</span>}
        {answer.inStretches && (
          <span
            className="text-cut"
            title="Each stretch is aligned at the least cost; where stretches meet, it may not be the least of all"
          >
            More than {exact(answer.aligned)} steps: aligned in stretches
          </span>
        )}
        <span className="flex-1" />
        <Button small disabled={first < 0} onClick={() => go(first)}>
          First difference
        </Button>
        <Button small look="quiet" title="Previous difference (key p)" onClick={() => step(-1)}>
          <span className="sr-only">Previous difference</span> ↑ <Kbd>p</Kbd>
        </Button>
        <Button small look="quiet" title="Next difference (key n)" onClick={() => step(1)}>
          <span className="sr-only">Next difference</span> ↓ <Kbd>n</Kbd>
        </Button>
      </div>
      <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
        <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={`absolute top-0 left-0 w-full ${item.index === at && answer.pairing.length > 0 ? 'bg-paper' : ''}`}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                {row.type === 'fold' ? (
                  <Fold row={row} onUnfold={() => setOpen(new Set(open).add(row.from))} />
                ) : (
                  <Pair row={row} answer={answer} compared={compared} branches={branches} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}
