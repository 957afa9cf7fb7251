/** What may be done with the selected rollouts together: acts that name them one by one, and two of them side by side. */
import { MAX_ACT_KEYS } from '../../../base/bounds.ts';
import { ACT_VERBS } from '../../../core/acts/act.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { addAct } from '../../state/acts.ts';
import { useChoices } from '../../state/choices.ts';
import { selectRollouts, useSelection } from '../../state/selection.ts';
import { exact, plural } from '../../text/format.ts';
import { LINK, WORDS } from './act-strip.tsx';

/** Nothing while no rollout of the open log is selected. */
export function SelectionStrip() {
  const selected = useSelection((s) => s.keys);
  const keys = useRollouts()?.keys ?? [];
  const known = keys.filter((key) => selected.has(key));
  const [first, second] = known;
  if (first === undefined) return null;
  const tooMany = known.length > MAX_ACT_KEYS ? `; a line names at most ${exact(MAX_ACT_KEYS)} rollouts` : '';
  return (
    <fieldset
      aria-label="Acts on the selected rollouts"
      className={
        'm-0 flex min-w-0 flex-none flex-wrap items-center gap-x-3 gap-y-1 border-0 border-t border-line bg-sunk px-3 py-1.5 text-t1'
      }
    >
      <span className="text-ink2 tabular-nums shadow-[inset_3px_0_var(--focus)] pl-2">{plural(known.length, 'rollout')} selected:</span>
      {ACT_VERBS.flatMap(({ id, help }) =>
        WORDS[id] === undefined
          ? []
          : [
              <button
                key={id}
                type="button"
                title={`${help}; these ${exact(known.length)}, one by one${tooMany}`}
                disabled={tooMany !== ''}
                onClick={() => addAct({ verb: id, rollouts: known })}
                className={LINK}
              >
                {WORDS[id]}
              </button>,
            ],
      )}
      <button
        type="button"
        title={known.length === 2 ? 'The two side by side' : 'Two rollouts stand side by side: select two'}
        disabled={known.length !== 2}
        onClick={() => second !== undefined && useChoices.getState().set({ rollout: first, other: second, shape: 'side', tab: 'tree' })}
        className={LINK}
      >
        compare
      </button>
      <button type="button" title="Let go of the selection" onClick={() => selectRollouts([])} className={LINK}>
        clear
      </button>
    </fieldset>
  );
}
