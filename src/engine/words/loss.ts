/** The sentence that says why a node that the cut keeps carries loss or not. */
import type { TrainPlace } from '../../core/prune/train-method.ts';
import type { LossAnswer } from '../answers/training.ts';

const exact = (value: number): string => value.toLocaleString('en');

export function lossText(loss: LossAnswer): string {
  const { sampled, trained } = loss;
  if (sampled === 0) return 'Context only: the policy did not write it.';
  const barred = barredText(loss);
  if (trained === 0) return `Not trained: ${barred ?? (loss.place === null ? 'no token carries loss here' : outsideText(loss.place))}.`;
  const notes = notesText(loss);
  if (trained === sampled) return `Its sampled tokens are trained on.${notes}`;
  const { place } = loss;
  const by =
    place === null ? '' : place.by === 'draw' ? `, drawn with π ${rangeText(place)}` : place.by === 'worth' ? reachText(place) : '';
  return `${exact(trained)} of its ${exact(sampled)} sampled tokens carry loss${by}.${notes}`;
}

/** Where the rule lets only successes train; null where somebody who sampled it may. */
function barredText({ rollouts: { sampled, failed, unknown } }: LossAnswer): string | null {
  if (failed + unknown < sampled || sampled === 0) return null;
  if (failed === 0) return 'reward unknown, and only successes train';
  const parts = [`${exact(failed)} with reward 0 or less`, ...(unknown > 0 ? [`${exact(unknown)} with reward unknown`] : [])];
  const wrote = `${exact(sampled)} ${sampled === 1 ? 'rollout' : 'rollouts'} that wrote it`;
  return `only successes train, and of the ${wrote} none is one (${parts.join(', ')})`;
}

function outsideText(place: TrainPlace): string {
  const pinned = place.pinned ? ', although it is pinned: pins need more than the train budget' : '';
  switch (place.by) {
    case 'rank':
      return `rank ${exact(place.rank)}, the budget reaches ${exact(place.reach)} of ${exact(place.of)}${pinned}`;
    case 'draw':
      return `its tokens were not drawn (π ${rangeText(place)})${pinned}`;
    case 'worth':
      if (place.threshold === null) return `no budget is left for single tokens${pinned}`;
      return place.low === place.high && place.high === place.threshold
        ? `chance left it out among tokens of equal worth${pinned}`
        : `its tokens are worth at most ${worthText(place.high)}${reachText(place)}${pinned}`;
  }
}

function reachText({ threshold }: { readonly threshold: number | null }): string {
  return threshold === null ? '' : `, the budget reaches ${worthText(threshold)}`;
}

function notesText({ turns, weightless }: LossAnswer): string {
  const failed =
    turns.failed === 0
      ? ''
      : turns.failed === turns.sampled
        ? ' Its turn failed: an export that masks failed turns leaves it out.'
        : ` Its turn failed in ${exact(turns.failed)} of ${exact(turns.sampled)} trajectories: ` +
          'an export that masks failed turns leaves these out.';
  if (weightless === null) return failed;
  return weightless === 'zero'
    ? ` Its mean advantage is 0, so its loss weighs nothing.${failed}`
    : ` Its advantage is unknown and counts 0, so its loss weighs nothing.${failed}`;
}

/** "0.08", or "0.02 to 0.31". */
function rangeText({ low, high }: { readonly low: number; readonly high: number }): string {
  const [from, to] = [worthText(low), worthText(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** Two significant digits, so that small ones differ too. */
function worthText(value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  return Math.abs(value) >= 0.01 || value === 0 ? value.toFixed(2) : value.toPrecision(2);
}
