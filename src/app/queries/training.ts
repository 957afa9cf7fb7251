/** What carries loss at the budget in force: counts, and the curve of the train handle. */
import { skipToken, useQuery } from '@tanstack/react-query';
import type { LossCounts, TrainCurve } from '../../engine/answers/training.ts';
import { keepWithin, useBudget, useEpoch, useOrderId, useRestingBudget } from './answers.ts';
import { ask } from './client.ts';
import { makeGate } from './latest.ts';
import { useFacts } from './opening.ts';

const counts = makeGate();
const curves = makeGate();

/** Nodes up to which counts follow every tick of a drag: they walk the forest. */
const LIVE_NODES = 50_000;

export function useLossCounts(): LossCounts | undefined {
  const epoch = useEpoch();
  const id = useOrderId();
  const live = (useFacts()?.nodes ?? Infinity) <= LIVE_NODES;
  const now = useBudget();
  const resting = useRestingBudget();
  const budget = live ? now : resting;
  return useQuery<LossCounts>({
    queryKey: ['loss-counts', epoch, id, budget],
    queryFn: id === undefined ? skipToken : ({ signal }) => counts.turn(signal, () => ask((session) => session.lossCounts(id, budget))),
    placeholderData: keepWithin(epoch),
    gcTime: 2_000,
  }).data;
}

/** Of the cut where it has come to rest; undefined while another is in force. */
export function useTrainCurve(): TrainCurve | undefined {
  const epoch = useEpoch();
  const id = useOrderId();
  const { cut } = useRestingBudget();
  const now = useBudget().cut;
  const { data } = useQuery<TrainCurve>({
    queryKey: ['train-curve', epoch, id, cut],
    queryFn: id === undefined ? skipToken : ({ signal }) => curves.turn(signal, () => ask((session) => session.trainCurve(id, cut))),
    gcTime: 5_000,
  });
  return data?.cutShare === now ? data : undefined;
}
