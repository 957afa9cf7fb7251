/** A part of a plot that can be pressed: one stop of the Tab key a plot, arrows from part to part. */
import type { KeyboardEvent, ReactNode } from 'react';

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function moveAmongBars(event: KeyboardEvent<SVGGElement>): void {
  const bars = [...(event.currentTarget.ownerSVGElement?.querySelectorAll<SVGGElement>('[data-bar]') ?? [])];
  const at = bars.indexOf(event.currentTarget);
  const last = bars.length - 1;
  const step = STEPS[event.key];
  const ends: Readonly<Record<string, number>> = { Home: 0, End: last };
  const next = step === undefined ? (ends[event.key] ?? -1) : Math.min(last, Math.max(0, at + step));
  if (at < 0 || next < 0) return;
  event.preventDefault();
  bars[next]?.focus();
}

export interface Pressed {
  /** What of a filter it stands for; null: it cannot be pressed, and is still told. */
  readonly term: string | null;
  /** The filter has the term. */
  readonly isOn: boolean;
  readonly onPress: (term: string) => void;
}

/** @param label says all: what it is, its number, and its interval */
export function BarButton({
  label,
  isFirst,
  pressed: { term, isOn, onPress },
  children,
}: {
  readonly label: string;
  readonly isFirst: boolean;
  readonly pressed: Pressed;
  readonly children: ReactNode;
}) {
  const press = (): void => {
    if (term !== null) onPress(term);
  };
  return (
    <g
      data-bar=""
      role={term === null ? 'img' : 'button'}
      tabIndex={isFirst ? 0 : -1}
      aria-label={term === null ? label : `${label}. Filter by ${term}`}
      aria-pressed={term === null ? undefined : isOn}
      className={`bar ${term === null ? '' : 'cursor-pointer'}`}
      onClick={press}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return moveAmongBars(event);
        event.preventDefault();
        press();
      }}
    >
      <title>{term === null ? label : `${label}\nFilter by ${term}`}</title>
      {children}
    </g>
  );
}
