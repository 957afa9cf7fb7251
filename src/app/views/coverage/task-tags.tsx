/** The tasks with their tags: what is said and what is guessed are told apart, and several are taken together. */
import { AXES } from '../../../core/axes/axes.ts';
import type { InForce } from '../../../core/axes/force.ts';
import { visible } from '../../../base/visible.ts';
import { guessText } from '../../../engine/words/axes.ts';
import type { TaggedTask } from '../../queries/coverage.ts';
import { exact } from '../../text/format.ts';
import { VirtualTable } from '../../widgets/virtual-table.tsx';
import { nameOf } from './heat-map.tsx';

const COLUMNS = 'grid grid-cols-[28px_minmax(180px,1fr)_130px_200px_220px_64px_84px] items-center gap-2 px-3 min-w-[960px] w-full';
const ROW = 32;
const MARK = 'flex-none rounded-sm border px-1 text-t0';
const HAND = 'border-leaf text-leaf';

const FROM: Readonly<Record<NonNullable<InForce['from']>, string>> = { hand: 'by hand', file: 'file', guess: 'taken', rules: 'guess' };

interface TaskTagsProps {
  readonly tasks: readonly TaggedTask[];
  readonly selected: ReadonlySet<string>;
  readonly onToggle: (subject: string) => void;
}

const nothing = (): void => undefined;

export function TaskTags({ tasks, selected, onToggle }: TaskTagsProps) {
  return (
    <VirtualTable
      label="Tasks and their tags"
      columns={COLUMNS}
      names={['', 'task', 'language', 'task type', 'scenario', 'rollouts', 'loss tokens']}
      count={tasks.length}
      rowHeight={ROW}
      onRange={nothing}
      renderCells={(at) => {
        const task = tasks[at];
        return task && <Cells task={task} isSelected={selected.has(task.subject)} onToggle={onToggle} />;
      }}
    />
  );
}

function Cells({
  task,
  isSelected,
  onToggle,
}: {
  readonly task: TaggedTask;
  readonly isSelected: boolean;
  readonly onToggle: (subject: string) => void;
}) {
  const label = visible(task.label);
  return (
    <>
      <td className="p-0">
        <input type="checkbox" aria-label={`Select ${label}`} checked={isSelected} onChange={() => onToggle(task.subject)} />
      </td>
      <td className="truncate p-0 text-t1" title={label}>
        {label}
      </td>
      {AXES.map(({ id }) => {
        const { tag, from } = task.force[id];
        const why = guessText(id, task.guess[id]);
        const isSaid = from !== null && from !== 'rules';
        return (
          <td
            key={id}
            className="flex min-w-0 items-center gap-1.5 p-0 text-t1"
            title={isSaid ? `The rules guess ${nameOf(id, task.guess[id].tag)}: ${why}` : why}
          >
            <span className={`truncate ${from === null ? 'text-ink3' : from === 'rules' ? 'text-ink2 italic' : ''}`}>
              {nameOf(id, tag)}
            </span>
            {from !== null && <span className={`${MARK} ${from === 'hand' ? HAND : 'border-line text-ink2'}`}>{FROM[from]}</span>}
          </td>
        );
      })}
      <td className="p-0 text-right text-t1 tabular-nums">{exact(task.rollouts)}</td>
      <td className="p-0 text-right text-t1 tabular-nums">{task.tokens === undefined ? '…' : exact(task.tokens)}</td>
    </>
  );
}
