/** One line about which handle this log is suited for, and what to look at where rollouts share only their prompt. */
import { useState } from 'react';
import { PRESETS } from '../../../core/rule/presets.ts';
import { presetText, suitedText } from '../../../engine/words/sources.ts';
import { useOrder, usePreset } from '../../queries/answers.ts';
import { useFacts } from '../../queries/opening.ts';
import { usePicked } from '../../state/choices.ts';
import { suggestedBudget } from '../../state/suggested.ts';
import { exact } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';

export function Notice() {
  const facts = useFacts();
  const { data: order } = useOrder();
  const preset = usePreset();
  const { hintClosed, treeView, set, budget } = usePicked(({ hintClosed, treeView, set, pruning }) => ({
    hintClosed,
    treeView,
    set,
    budget: pruning.present.budget,
  }));
  const [isWhole, setIsWhole] = useState(false);
  if (!facts || hintClosed) return null;
  const { target } = facts.suited;
  const { train } = suggestedBudget(facts, order, preset);
  const suggested = PRESETS.find(({ id }) => id === facts.suited.preset);
  const isRaised = budget === null && order !== undefined && train > suggestedBudget(facts, undefined, preset).train;
  const sentence = [
    suggested ? presetText(facts.suited, suggested.label) : '',
    suitedText(facts.suited),
    isRaised
      ? `It starts at ${Math.round(100 * train)}\u202f%, because events pinned for training ` +
        `hold ${exact(order.trainPins.tokens)} of ${exact(order.trainPins.of)} sampled tokens.`
      : '',
  ]
    .filter(Boolean)
    .join(' ');
  return (
    // One line, and all of it at a press. A window that is too low for both shows the tree.
    <div
      role="note"
      className={'flex flex-none items-center gap-3 border-t border-line bg-leaf-soft px-3 py-1 text-t1 [@media(max-height:559px)]:hidden'}
    >
      <button
        type="button"
        aria-expanded={isWhole}
        title={isWhole ? 'Show one line' : sentence}
        onClick={() => setIsWhole(!isWhole)}
        className={`min-w-0 flex-1 text-left ${isWhole ? '' : 'truncate'}`}
      >
        {suggested && <b className="font-[600]">Opened with the preset </b>}
        {sentence}
      </button>
      {target === 'train' && treeView === 'tokens' && (
        <Button small onClick={() => set({ treeView: 'actions' })}>
          Merge by actions
        </Button>
      )}
      <Button small look="quiet" aria-label="Close this note" onClick={() => set({ hintClosed: true })}>
        ✕
      </Button>
    </div>
  );
}
