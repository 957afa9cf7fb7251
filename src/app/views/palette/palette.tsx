/** Every action, task, tool and setting by name: type a few letters, choose with the arrows. */
import { useState } from 'react';
import type { Action } from '../../action.ts';
import { usePaletteActions } from '../../palette-actions.ts';
import { useChoices } from '../../state/choices.ts';
import { keycap } from '../../state/keys.ts';
import { Kbd } from '../../widgets/controls.tsx';
import { exact } from '../../text/format.ts';
import { Dialog } from '../../widgets/dialog.tsx';

/** Rows that are drawn; the others are counted. */
const MOST_SHOWN = 100;

/** Actions whose name holds all words of `text`, in their own order. */
function matching(actions: readonly Action[], text: string): readonly Action[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return actions.filter((action) => {
    const name = `${action.group} ${action.name}`.toLowerCase();
    return words.every((word) => name.includes(word));
  });
}

export function Palette({ actions }: { readonly actions: readonly Action[] }) {
  const set = useChoices((s) => s.set);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const others = usePaletteActions();
  // What a log and the settings hold is many: it comes with the first letter.
  const all = matching([...actions.filter((action) => action.ready), ...(text.trim() === '' ? [] : others)], text);
  const found = all.slice(0, MOST_SHOWN);
  const active = Math.min(at, found.length - 1);
  const run = (action: Action | undefined): void => {
    if (!action) return;
    set({ panel: null });
    action.run();
  };
  return (
    <Dialog title="Actions" place="top" bare onClose={() => set({ panel: null })}>
      <div className="flex flex-col">
        <input
          data-first=""
          type="text"
          aria-label="Find an action"
          aria-describedby="palette-active"
          placeholder="What do you want to do?"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
              event.preventDefault();
              const next = (active + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % Math.max(1, found.length);
              setAt(next);
              document.getElementById(`action-${found[next]?.id ?? ''}`)?.scrollIntoView({ block: 'nearest' });
            }
            if (event.key === 'Enter') run(found[active]);
          }}
          className="sticky top-0 z-10 h-11 border-0 border-b border-line bg-card px-4 text-t3 -outline-offset-2 placeholder:text-ink3"
        />
        <output id="palette-active" className="sr-only">
          {found[active] ? `Enter: ${found[active].name}` : 'No action'}
        </output>
        <div className="py-1">
          {found.map((action, i) => (
            <button
              key={action.id}
              id={`action-${action.id}`}
              type="button"
              aria-current={i === active}
              tabIndex={-1}
              onClick={() => run(action)}
              onPointerMove={() => setAt(i)}
              className="flex h-8 w-full items-center gap-3 px-4 text-left text-t2 aria-[current=true]:bg-leaf-soft"
            >
              <span className="w-[52px] flex-none text-t0 leading-[18px] text-ink2">{action.group}</span>
              <span className="min-w-0 flex-1 truncate">{action.name}</span>
              {action.keys.map((key) => (
                <Kbd key={key}>{keycap(key)}</Kbd>
              ))}
            </button>
          ))}
          {found.length === 0 && <p className="m-0 px-4 py-2 text-t1 text-ink2">Nothing has these words in its name.</p>}
          {all.length > found.length && (
            <p className="m-0 px-4 py-2 text-t1 text-ink2">{exact(all.length - found.length)} more: type on to find them.</p>
          )}
        </div>
      </div>
    </Dialog>
  );
}
