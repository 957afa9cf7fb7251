/** Search: filters tasks by name while typing, and finds tools of the task on screen. */
import { useState } from 'react';
import { nodeKeyOf } from '../../../core/model/node-key.ts';
import { SEARCH_ID } from '../../search-id.ts';
import { useTree } from '../../queries/tree.ts';
import { useTasks } from '../../queries/answers.ts';
import { selectedIn, useChoices, usePicked } from '../../state/choices.ts';
import { plural } from '../../text/format.ts';
import { Kbd } from '../../widgets/controls.tsx';
import { rowIn } from '../tree/row-in.ts';
import { toolBeside, toolsMatching } from '../tree/forks.ts';
import { useTaskOrder } from '../tasks/use-task-order.ts';
import { SearchIcon } from './icons.tsx';

const TOOLS_SHOWN = 6;

export function SearchBox() {
  const { search, set, select, selectTask } = usePicked(({ search, set, select, selectTask }) => ({ search, set, select, selectTask }));
  const selected = useChoices(selectedIn);
  const [focused, setFocused] = useState(false);
  const tree = useTree().data;
  const order = useTaskOrder();
  const tasks = useTasks();
  const tools = tree && focused ? toolsMatching(tree, search) : [];
  const goTo = (tool: number): void => {
    if (!tree) return;
    const found = toolBeside(tree, tool, rowIn(tree, selected));
    if (found !== null) select(nodeKeyOf(tree.keys, found));
  };
  return (
    <div
      className="relative w-full min-[900px]:w-[196px] min-[900px]:flex-none"
      onFocus={() => setFocused(true)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setFocused(false)}
    >
      <label
        className={
          'flex h-7 items-center gap-2 rounded border border-line bg-paper px-2 text-t1 text-ink3 ' +
          'hover:border-line2 has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-focus'
        }
      >
        <SearchIcon />
        <input
          id={SEARCH_ID}
          type="search"
          aria-label="Search tasks and tools"
          placeholder="Search"
          value={search}
          onChange={(event) => set({ search: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              set({ search: '' });
              event.currentTarget.blur();
            }
            const [first] = order;
            if (event.key === 'Enter' && first !== undefined) selectTask(tasks?.key[first] ?? null);
          }}
          className="min-w-0 flex-1 border-0 bg-transparent text-ink outline-none placeholder:text-ink3"
        />
        {search === '' && <Kbd>/</Kbd>}
      </label>
      {tools.length > 0 && (
        <div
          className={
            'absolute top-8 right-0 z-20 grid w-[min(280px,100%)] min-[900px]:w-[280px] ' +
            'rounded border border-line2 bg-card py-1 text-t1 shadow-float'
          }
        >
          <span className="px-3 py-1 text-t0 text-ink2">
            Tools in this task{tools.length > TOOLS_SHOWN ? `, ${TOOLS_SHOWN} of ${tools.length}` : ''}
          </span>
          {tools.slice(0, TOOLS_SHOWN).map(({ tool, name, nodes }) => (
            <button
              key={tool}
              type="button"
              onClick={() => goTo(tool)}
              className="flex items-center gap-3 px-3 py-1 text-left hover:bg-leaf-soft focus-visible:bg-leaf-soft"
            >
              <span className="min-w-0 flex-1 truncate font-mono">{name}</span>
              <span className="text-t0 text-ink2">{plural(nodes, 'node')}, next ›</span>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
