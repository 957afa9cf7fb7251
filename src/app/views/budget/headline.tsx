/** The measured figure of the handle in force, in bold, beside what whole rollouts at random would get at the same cost. */
import type { ComparisonAnswer, KeepAnswer } from '../../../engine/answers/pruning.ts';
import { valueAt } from '../../canvas/curve-chart.ts';
import { useComparison, useKeep, useOrder } from '../../queries/answers.ts';
import { useChoices } from '../../state/choices.ts';
import type { CurveOf, Target } from '../../state/looks.ts';
import { decimal, honestPercent } from '../../text/format.ts';

interface Words {
  readonly figure: string;
  readonly of: string;
  readonly chance: string;
  readonly about: string;
}

export function Headline({ target }: { readonly target: Target }) {
  const keep = useKeep().data;
  const order = useOrder().data;
  const comparison = useComparison();
  const of = useChoices((s) => s.curve);
  if (!keep || !order) return <div className="h-[44px]" />;
  const words = wordsOf(target, of, keep, comparison?.orderId === order.orderId ? comparison : null, order.signal.coverage < 1);
  return (
    <output aria-label="Measured" title={words.about} className="block min-w-0">
      <span className="flex items-baseline gap-1.5">
        <b className="flex-none text-t4 font-[600] tracking-[-0.02em] tabular-nums">{words.figure}</b>
        <span className="min-w-0 text-t1 leading-[1.25] text-ink2">{words.of}</span>
      </span>
      <span className="block text-t0 leading-[1.35] text-ink2 tabular-nums">{words.chance}</span>
    </output>
  );
}

function wordsOf(target: Target, of: CurveOf, keep: KeepAnswer, comparison: ComparisonAnswer | null, isPartial: boolean): Words {
  if (of === 'gradient') {
    const band = comparison?.gradient;
    return {
      figure: keep.gradient === null ? 'cos –' : `cos ${decimal(keep.gradient.cosine)}`,
      of: 'with the gradient of the full set',
      chance: band
        ? `whole rollouts at this cost: ${rangeOf(band.shares, band.band, keep.cutShare, decimal)}`
        : 'whole rollouts at this cost: not known',
      about: 'Cosine of what this budget trains, by a scoring model’s sketches; whole rollouts with weight 1/k, all of each trained',
    };
  }
  const known = isPartial ? 'known ' : '';
  const isCut = target === 'cut';
  const value = (isCut ? keep.signal.kept : keep.lossSignal) / keep.signal.total;
  const trained = keep.training.before > 0 ? keep.training.after / keep.training.before : 0;
  const band = comparison && (isCut ? comparison.random : comparison.randomTrained);
  const cost = isCut ? keep.cutShare : trained;
  const chance = `whole rollouts at random${isCut ? '' : ', as many tokens trained'}`;
  return {
    figure: honestPercent(keep.signal.total > 0 ? value : Number.NaN),
    of: isCut ? `of the ${known}signal is kept` : `of the ${known}signal carries loss`,
    chance: `${chance}: ${band ? rangeOf(band.shares, band, cost, honestPercent) : 'measuring…'}`,
    about:
      'A proxy: it counts signal, and no model is trained here. Beside it the mean of ten seeds that take whole rollouts at ' +
      'the same cost, with the least and the most.',
  };
}

/** "43.0 % (40.1 % to 46.2 %)" */
function rangeOf(
  shares: Float64Array,
  { low, mean, high }: { readonly low: Float64Array; readonly mean: Float64Array; readonly high: Float64Array },
  share: number,
  text: (value: number) => string,
): string {
  const at = (values: Float64Array): string => text(valueAt(shares, values, share));
  return `${at(mean)} (${at(low)} to ${at(high)})`;
}
