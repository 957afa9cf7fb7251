/** The stack of acts: its lines in their order, each with what it names; named, turned off, moved and removed here. */
import { useRef, useState, type KeyboardEvent } from 'react';
import { ACT_VERBS, type Act } from '../../../core/acts/act.ts';
import type { ActFacts } from '../../../engine/answers/acts.ts';
import { actText, matchedText, targetText, verbText } from '../../../engine/words/acts.ts';
import { useOrder } from '../../queries/answers.ts';
import { changeAct, moveAct, removeAct } from '../../state/acts.ts';
import { useChoices } from '../../state/choices.ts';
import { Button } from '../../widgets/controls.tsx';
import { AddLine } from './add-line.tsx';

export default function ActsStack() {
  const acts = useChoices((s) => s.pruning.present.rule.acts);
  const lines = useOrder().data?.acts.lines;
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState('');
  const move = (line: number, to: number): void => {
    if (to < 0 || to >= acts.length || to === line) return;
    moveAct(line, to);
    setSaid(`Line ${line + 1} is now line ${to + 1} of ${acts.length}.`);
    // The same line keeps the focus where it stands now.
    requestAnimationFrame(() => list.current?.children[to]?.querySelector<HTMLElement>('[data-handle]')?.focus());
  };
  return (
    <div className="grid gap-2 p-3">
      <p className="m-0 text-t0 text-ink2">
        Lines are applied from the top down: a later one decides about a rollout or a node that several name. Dropped rollouts leave the
        tree’s counts; advantages stay those of the group as it was sampled.
      </p>
      {acts.length === 0 && (
        <p className="m-0 text-ink2">
          Nothing is said yet. Say of which rollouts what is to be done, or press <kbd className="font-mono">x</kbd> on a node.
        </p>
      )}
      <ol ref={list} aria-label="Lines of the stack" className="m-0 grid list-none gap-1 p-0">
        {acts.map((act, line) => (
          <Line
            // Lines have no name of their own: their places are what they are.
            key={line}
            act={act}
            line={line}
            of={acts.length}
            facts={lines?.length === acts.length ? lines[line] : undefined}
            move={move}
          />
        ))}
      </ol>
      <AddLine />
      <output className="sr-only">{said}</output>
    </div>
  );
}

interface LineProps {
  readonly act: Act;
  readonly line: number;
  readonly of: number;
  /** Undefined: not known yet. */
  readonly facts: ActFacts | undefined;
  readonly move: (line: number, to: number) => void;
}

function Line({ act, line, of, facts, move }: LineProps) {
  const help = ACT_VERBS.find(({ id }) => id === act.verb)?.help;
  const called = act.name ?? actText(act);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (step === 0) return;
    event.preventDefault();
    move(line, line + step);
  };
  return (
    <li data-line={line} className={`grid gap-1 rounded border border-line bg-paper px-2 py-1.5 ${act.isOn ? '' : 'text-ink3'}`}>
      <div className="flex min-w-0 items-center gap-2">
        <button
          type="button"
          data-handle
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerUp={(event) => {
            const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-line]');
            if (under != null) move(line, Number(under.dataset['line']));
          }}
          onKeyDown={onKeyDown}
          aria-label={`Move line ${line + 1} of ${of}: ${called}`}
          title="Drag, or press ↑ and ↓"
          className="cursor-grab touch-none rounded px-1 text-ink3 hover:text-ink"
        >
          ⠿
        </button>
        <input
          type="checkbox"
          checked={act.isOn}
          onChange={(event) => changeAct(line, { isOn: event.target.checked })}
          aria-label={`On: ${called}`}
        />
        <span title={help} className="flex-none font-[550]">
          {verbText(act)}
        </span>
        <span className="min-w-0 flex-1 truncate font-mono" title={targetText(act)}>
          {act.verb === 'best' && act.where === undefined ? '' : targetText(act)}
        </span>
        <Button small look="quiet" disabled={line === 0} aria-label={`Move up: ${called}`} onClick={() => move(line, line - 1)}>
          ↑
        </Button>
        <Button small look="quiet" disabled={line === of - 1} aria-label={`Move down: ${called}`} onClick={() => move(line, line + 1)}>
          ↓
        </Button>
        <Button small look="quiet" aria-label={`Remove: ${called}`} onClick={() => removeAct(line)}>
          ✕
        </Button>
      </div>
      <div className="flex min-w-0 items-center gap-2 pl-7 text-t0">
        <Name act={act} line={line} />
        <span className={`min-w-0 flex-1 text-right tabular-nums ${facts?.fault == null ? 'text-ink2' : 'text-cut'}`}>
          {facts === undefined ? '…' : matchedText(facts, act)}
        </span>
      </div>
    </li>
  );
}

/** Taken over when the field is left or Enter is pressed: one step of undo. */
function Name({ act, line }: Pick<LineProps, 'act' | 'line'>) {
  const [typed, setTyped] = useState<string | null>(null);
  const take = (): void => {
    if (typed !== null && typed !== (act.name ?? '')) changeAct(line, { name: typed });
    setTyped(null);
  };
  return (
    <input
      type="text"
      value={typed ?? act.name ?? ''}
      placeholder="name"
      maxLength={120}
      aria-label={`Name of line ${line + 1}`}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => event.key === 'Enter' && take()}
      className={
        'h-5 w-0 min-w-[72px] flex-1 rounded border ' +
        'border-transparent bg-transparent px-1 text-t0 hover:border-line2 focus:border-line2'
      }
    />
  );
}
