/** The box of the filter: what is typed, what it may go on with, where it is at fault, and the filters of before. */
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Completion } from '../../../core/filter/complete.ts';
import { SEARCH_ID } from '../../search-id.ts';
import { useChoices } from '../../state/choices.ts';
import { rememberFilter, usedFilters } from '../../state/filter-history.ts';
import { Kbd } from '../../widgets/controls.tsx';
import { SearchIcon } from '../top-bar/icons.tsx';
import { Completions, optionId, useOffers } from './completions.tsx';
import { Underline } from './underline.tsx';

/** What is typed is in force once nothing more has been typed for so long. */
const REST_MS = 250;

interface Props {
  /** UTF-16 units of the text in force. */
  readonly fault: { readonly from: number; readonly to: number } | null;
  readonly faultId: string;
  /** To the next place of its words, or the one before. */
  readonly onStep: (by: 1 | -1) => void;
}

export function FilterBox({ fault, faultId, onStep }: Props) {
  const filter = useChoices((s) => s.filter);
  const [text, setText] = useState(filter);
  const [caret, setCaret] = useState(filter.length);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [back, setBack] = useState(-1);
  const [scroll, setScroll] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const offers = useOffers(text, caret);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const listId = useId();

  // A filter that comes from elsewhere, such as an address or a bar of a chart.
  const [last, setLast] = useState(filter);
  if (filter !== last) {
    setLast(filter);
    if (filter !== text) setText(filter);
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  const enforce = (next: string): void => {
    clearTimeout(timer.current);
    setLast(next);
    useChoices.getState().set({ filter: next });
  };
  const type = (next: string, at: number): void => {
    setText(next);
    setCaret(at);
    setActive(-1);
    setBack(-1);
    setOpen(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => enforce(next), REST_MS);
  };
  const put = (next: string, at = next.length): void => {
    setText(next);
    setCaret(at);
    setActive(-1);
    enforce(next);
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  };
  const accept = ({ text: words, from, to }: Completion): void => {
    put(text.slice(0, from) + words + text.slice(to), from + words.length);
    setOpen(true);
  };
  const recall = (step: 1 | -1): void => {
    const used = usedFilters();
    const next = Math.min(used.length - 1, Math.max(-1, back + step));
    setBack(next);
    setOpen(false);
    put(next < 0 ? '' : (used[next] ?? ''));
    setBack(next);
  };
  const press = (event: KeyboardEvent): void => {
    const { key, shiftKey } = event;
    const chosen = isOpen ? offers[active] : undefined;
    if (key === 'Escape') {
      event.preventDefault();
      input.current?.blur();
    } else if (key === 'Tab' && !shiftKey && chosen !== undefined) {
      event.preventDefault();
      accept(chosen);
    } else if (key === 'Enter') {
      event.preventDefault();
      if (chosen !== undefined) return accept(chosen);
      setOpen(false);
      rememberFilter(text);
      if (text === filter) onStep(shiftKey ? -1 : 1);
      else enforce(text);
    } else if (key === 'ArrowDown') {
      event.preventDefault();
      if (back >= 0) recall(-1);
      else if (isOpen) setActive(Math.min(active + 1, offers.length - 1));
      else setOpen(true);
    } else if (key === 'ArrowUp') {
      event.preventDefault();
      if (isOpen && active >= 0) setActive(active - 1);
      else recall(1);
    }
  };

  return (
    <div className="relative min-w-0 flex-1">
      <label
        className={
          'flex h-7 items-center gap-2 rounded border border-line2 bg-paper px-2 text-t1 text-ink3 hover:border-edge ' +
          'has-[input:focus-visible]:border-focus has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-focus'
        }
      >
        <SearchIcon />
        <span className="relative min-w-0 flex-1">
          {fault !== null && text === filter && <Underline text={text} from={fault.from} to={fault.to} scroll={scroll} />}
          <input
            ref={input}
            id={SEARCH_ID}
            type="text"
            role="combobox"
            aria-label="Filter rollouts and search their texts"
            aria-autocomplete="list"
            aria-expanded={isOpen}
            aria-controls={listId}
            aria-activedescendant={isOpen && active >= 0 ? optionId(listId, active) : undefined}
            aria-invalid={fault !== null}
            aria-describedby={faultId}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            placeholder='reward<0.5 tool:bash "refused"'
            value={text}
            onChange={({ target }) => type(target.value, target.selectionStart ?? target.value.length)}
            onSelect={({ currentTarget }) => setCaret(currentTarget.selectionStart ?? text.length)}
            onScroll={({ currentTarget }) => setScroll(currentTarget.scrollLeft)}
            onFocus={() => setOpen(true)}
            onBlur={() => {
              setOpen(false);
              rememberFilter(text);
              if (text !== filter) enforce(text);
            }}
            onKeyDown={press}
            className="relative w-full border-0 bg-transparent font-mono text-t1 text-ink outline-none placeholder:text-ink3"
          />
        </span>
        {text === '' ? (
          <Kbd>/</Kbd>
        ) : (
          <button
            type="button"
            aria-label="Clear the filter"
            title="Clear the filter"
            className="flex-none px-1 text-ink2 hover:text-ink"
            onClick={() => {
              put('');
              input.current?.focus();
            }}
          >
            ✕
          </button>
        )}
      </label>
      {isOpen && <Completions id={listId} offers={offers} active={active} onAccept={accept} />}
    </div>
  );
}
