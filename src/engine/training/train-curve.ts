/** Signal that carries loss against the train share, at one cut: the curve on which the train handle sits. */
import { cutAt } from '../../core/prune/cut.ts';
import type { TrainCurve } from '../answers/training.ts';
import { summarizeSampled } from '../ruling.ts';
import type { Ruling } from '../ruled.ts';

/** Train shares at which it is drawn: every two and a half per cent, and finer where most of it rises. */
const SHARES = Float64Array.from([0, 0.005, 0.01, 0.015, 0.02, ...Array.from({ length: 39 }, (_, i) => (i + 1) / 40), 1]).sort();

/** Awaits `pause` before each share: they take seconds on large forests where each task has its own budget. */
export async function trainCurve(ruling: Ruling, cutShare: number, pause: () => Promise<void>): Promise<TrainCurve> {
  const { order, train } = ruling;
  const cut = cutAt(order, cutShare);
  const sampled = summarizeSampled(ruling, cut);
  const retained = new Float64Array(SHARES.length);
  for (let i = 0; i < SHARES.length; i++) {
    await pause();
    const { signal } = train.choose(cut, sampled, SHARES[i] ?? 0);
    retained[i] = order.totalSignal > 0 ? signal / order.totalSignal : 0;
  }
  return { orderId: ruling.id, cutShare, shares: SHARES, retained };
}
