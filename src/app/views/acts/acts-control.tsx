/** The stack of acts in a word, as a button that opens it. */
import { lazy, Suspense } from 'react';
import type { Act } from '../../../core/acts/act.ts';
import type { ActsAnswer } from '../../../engine/answers/acts.ts';
import { useOrder } from '../../queries/answers.ts';
import { useChoices } from '../../state/choices.ts';
import { exact, plural } from '../../text/format.ts';
import { Popover } from '../../widgets/popover.tsx';

const Stack = lazy(() => import('./acts-stack.tsx'));

/** `3 lines · 12 of 40 rollouts dropped` */
function actsWords(acts: readonly Act[], answer: ActsAnswer | undefined): string {
  if (acts.length === 0) return 'none';
  const parts = [plural(acts.length, 'line')];
  if (answer !== undefined) {
    const { total, dropped, untrained, written } = answer.rollouts;
    if (dropped > 0) parts.push(`${exact(dropped)} of ${plural(total, 'rollout')} dropped`);
    if (untrained > 0) parts.push(`${exact(untrained)} not trained`);
    if (written !== null) parts.push(`${exact(written)} exported`);
    if (dropped === 0 && answer.excludedNodes > 0) parts.push(`${plural(answer.excludedNodes, 'node')} dropped`);
  }
  return parts.join(' · ');
}

export function ActsControl() {
  const acts = useChoices((s) => s.pruning.present.rule.acts);
  const words = actsWords(acts, useOrder().data?.acts);
  const button = (
    <>
      <span className="truncate">{words}</span>
      <span aria-hidden="true" className="text-ink3">
        ▾
      </span>
    </>
  );
  return (
    <Popover
      label="Acts"
      value={words}
      width={520}
      button={button}
      className={
        'flex h-[26px] min-w-0 items-center justify-between gap-2 rounded ' +
        'border border-line bg-paper px-2 text-left text-t1 hover:border-line2'
      }
    >
      {() => (
        <Suspense fallback={<p className="m-0 p-3 text-ink2">Loading…</p>}>
          <Stack />
        </Suspense>
      )}
    </Popover>
  );
}
