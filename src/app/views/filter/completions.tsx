/** The list under the filter's box: what the word at the caret may become. */
import { useLayoutEffect, useMemo } from 'react';
import { visible } from '../../../base/visible.ts';
import { completeFilter, type Completion } from '../../../core/filter/complete.ts';
import { withCutColumns } from '../../../core/rollouts/cut-columns.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { exact } from '../../text/format.ts';

export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

interface Props {
  readonly id: string;
  readonly offers: readonly Completion[];
  /** Index of the one that the keys are at; -1: none. */
  readonly active: number;
  readonly onAccept: (completion: Completion) => void;
}

/** Of the word at the caret; none while nothing is known of the rollouts. */
export function useOffers(text: string, caret: number): readonly Completion[] {
  const rollouts = useRollouts();
  const columns = useMemo(
    () => rollouts && withCutColumns(rollouts, { kept: new Float64Array(0), trained: new Float64Array(0) }),
    [rollouts],
  );
  return useMemo(() => (columns ? completeFilter(text, caret, columns) : []), [columns, text, caret]);
}

/* oxlint-disable jsx-a11y/prefer-tag-over-role -- the list of an ARIA combobox, for which HTML has no element that shows counts */
export function Completions({ id, offers, active, onAccept }: Props) {
  useLayoutEffect(() => {
    // In braces: in some browsers it answers a promise, which is no way to clean up.
    document.getElementById(optionId(id, active))?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Completions"
      hidden={offers.length === 0}
      className={
        'absolute top-8 left-0 z-20 m-0 max-h-[264px] w-[max(100%,320px)] max-w-[calc(100vw-24px)] list-none overflow-auto rounded ' +
        'border border-line2 bg-card p-0 py-1 text-t1 shadow-float'
      }
    >
      {offers.map((offer, index) => (
        <div
          key={`${offer.kind} ${offer.label}`}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === active}
          onPointerDown={(event) => {
            // The box keeps the focus.
            event.preventDefault();
            onAccept(offer);
          }}
          className={`flex cursor-default items-baseline gap-3 px-3 py-1 ${index === active ? 'bg-leaf-soft' : 'hover:bg-sunk'}`}
        >
          <span className="max-w-[60%] flex-none truncate font-mono text-ink">{visible(offer.label)}</span>{' '}
          <span className="min-w-0 flex-1 truncate text-t0 text-ink2">{visible(offer.about)}</span>{' '}
          {offer.count !== null && <span className="flex-none text-t0 text-ink2 tabular-nums">{exact(offer.count)}</span>}
        </div>
      ))}
    </div>
  );
}
