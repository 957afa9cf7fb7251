/** What the filter in force may do with the rollouts that it finds: each choice is a line at the end of the stack of acts. */
import { ACT_VERBS, MAX_ACT_KEYS, type ActVerb } from '../../../core/acts/act.ts';
import type { Taken } from '../../../engine/answers/searching.ts';
import { asksTheCut } from '../../../engine/words/acts.ts';
import { useRollouts } from '../../queries/rollouts.ts';
import { addAct } from '../../state/acts.ts';
import { useChoices } from '../../state/choices.ts';
import { selectRollouts } from '../../state/selection.ts';
import { exact, plural } from '../../text/format.ts';

export const LINK = 'rounded-sm text-ink underline decoration-line2 underline-offset-2 hover:decoration-ink disabled:opacity-45';

export const WORDS: Readonly<Partial<Record<ActVerb, string>>> = {
  drop: 'exclude from the cut',
  untrained: 'exclude from training',
  pin: 'pin',
  favour: 'favour',
  keep: 'export only these',
};

export function ActStrip({ taken }: { readonly taken: Taken }) {
  const where = useChoices((s) => s.filter).trim();
  const keys = useRollouts()?.keys;
  if (where === '') return null;
  // What the cut decides cannot decide about the cut: such rollouts are named one by one, as they are now.
  const isByKey = asksTheCut(where);
  const act = (verb: ActVerb): void => {
    if (!isByKey) addAct({ verb, where });
    else if (keys !== undefined) addAct({ verb, rollouts: keys.filter((_, r) => taken.taken[r] === 1) });
  };
  const isDisabled = taken.count === 0 || (isByKey && taken.count > MAX_ACT_KEYS);
  return (
    <fieldset
      aria-label="Acts on the rollouts found"
      className="m-0 flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 border-0 border-t border-line bg-sunk px-3 py-1.5 text-t1"
    >
      <span className="text-ink2 tabular-nums">{plural(taken.count, 'rollout')}:</span>
      <button
        type="button"
        title="The rollouts found are the selection from now on, whatever the filter says next; nothing else changes"
        disabled={taken.count === 0 || keys === undefined}
        onClick={() => keys && selectRollouts(keys.filter((_, r) => taken.taken[r] === 1))}
        className={LINK}
      >
        select
      </button>
      {ACT_VERBS.flatMap(({ id, help }) => {
        const words = WORDS[id];
        if (words === undefined) return [];
        return [
          <button
            key={id}
            type="button"
            title={isByKey ? `${help}; these ${exact(taken.count)} as they are now, because the filter asks what the cut decides` : help}
            disabled={isDisabled}
            onClick={() => act(id)}
            className={LINK}
          >
            {words}
          </button>,
        ];
      })}
    </fieldset>
  );
}
