/** How much of the training gradient the budget keeps; where that is not known, why, and what to do. */
import { cosineText, measuredNotes, measuredText, whyText } from '../../../engine/words/gradient.ts';
import { useGradient, useLacksGradient } from '../../queries/gradient.ts';
import { useChoices } from '../../state/choices.ts';
import { asSentence } from '../../text/format.ts';
import { Button } from '../../widgets/controls.tsx';

export function GradientFigure() {
  const measured = useGradient();
  const lacks = useLacksGradient();
  const set = useChoices((s) => s.set);
  if (measured === undefined) return <span className="text-t1 text-ink3">gradient: measuring…</span>;
  const { gradient, gradientWhy } = measured;
  if (gradient === null)
    return (
      <span className="flex items-center gap-2 text-t1 text-ink2">
        <span className="min-w-0 truncate" title={gradientWhy === null ? '' : asSentence(whyText(gradientWhy))}>
          gradient kept: unknown
        </span>
        {lacks && (
          <Button small onClick={() => set({ panel: 'entropy' })}>
            Measure…
          </Button>
        )}
      </span>
    );
  const title = [
    ...[measuredText(gradient), ...measuredNotes(gradient)].map(asSentence),
    'The interval is that of the sketch.',
    'Norm: the length of what is trained, as a share of the full set’s.',
  ].join(' ');
  return (
    <output aria-label="Gradient kept" className="block min-w-0 text-t1 leading-[1.25] text-ink2 tabular-nums" title={title}>
      gradient kept <b className="font-[600] text-ink">cos {cosineText(gradient)}</b>, norm{' '}
      <b className="font-[600] text-ink">{gradient.norm.toFixed(2)}</b>
      <span className="text-t0 text-ink3">
        {' '}
        {gradient.among === 'successes' && 'of all successes, '}by {gradient.model.name}, not the model you train
      </span>
    </output>
  );
}
