/** Tasks with candidates: how many are right, how many ways of answering there are, and what the ranking would choose. */
import { visible } from '../../../base/visible.ts';
import type { CandidatesAnswer, CandidateTask, RankingAnswer } from '../../../engine/answers/candidates.ts';
import { percent, plural } from '../../text/format.ts';
import { VirtualList } from '../../widgets/virtual-list.tsx';

const ROW = 44;
const BUTTON =
  'flex h-full w-full min-w-0 flex-col justify-center border-b border-line px-3 text-left -outline-offset-2 ' +
  'hover:bg-sunk aria-pressed:bg-leaf-soft';

export function TaskList({
  answer: { tasks },
  ranking,
  active,
  onPick,
}: {
  readonly answer: CandidatesAnswer;
  readonly ranking: RankingAnswer | undefined;
  readonly active: number;
  readonly onPick: (task: string) => void;
}) {
  return (
    <section
      aria-label="Tasks with candidates"
      className="flex h-[480px] flex-col overflow-hidden rounded max-[760px]:h-[260px] border border-line bg-card"
    >
      <VirtualList
        label="Tasks with candidates"
        count={tasks.length}
        rowHeight={ROW}
        active={active}
        renderRow={(index) => {
          const task = tasks[index];
          return (
            task && (
              <button type="button" aria-pressed={index === active} onClick={() => onPick(task.task)} className={BUTTON}>
                <span className="w-full truncate text-t1" title={visible(task.label)}>
                  {visible(task.label)}
                </span>
                <span className="w-full truncate text-t0 text-ink2 tabular-nums">{wordsOf(task, ranking?.chosen[index])}</span>
              </button>
            )
          );
        }}
      />
    </section>
  );
}

function wordsOf({ candidates, groups }: CandidateTask, chosen: number | undefined): string {
  const known = candidates.filter(({ outcome }) => outcome !== 'unknown').length;
  const resolved = candidates.filter(({ outcome }) => outcome === 'resolved').length;
  const right = known === 0 ? `${plural(candidates.length, 'candidate')}, none of known outcome` : `${resolved} of ${known} resolved`;
  const first =
    chosen === undefined || Number.isNaN(chosen)
      ? ''
      : ` · first: ${chosen === 1 ? 'resolved' : chosen === 0 ? 'failed' : percent(chosen)}`;
  return `${right} · ${plural(groups.length, 'group')}${first}`;
}
