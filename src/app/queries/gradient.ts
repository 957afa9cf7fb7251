/** The gradient meter: a figure for every budget, at once where it is a lookup, else when the slider rests. */
import { skipToken, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ExportSpec } from '../../engine/answers/exporting.ts';
import type { GradientByTask, GradientWhyNot } from '../../engine/answers/gradient.ts';
import type { Fidelity } from '../../engine/answers/fidelity.ts';
import type { KeepAnswer } from '../../engine/answers/pruning.ts';
import { keepWithin, looks, useEpoch, useKeep, useOrderId, useRestingBudget } from './answers.ts';
import { ask } from './client.ts';

type Measured = Pick<KeepAnswer, 'gradient' | 'gradientWhy'>;

/** undefined: not known yet. */
export function useGradient(): Measured | undefined {
  const keep = useKeep().data;
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  const isPending = keep?.gradientWhy === 'pending';
  const computed = useQuery<KeepAnswer>({
    queryKey: ['gradient', epoch, id, budget],
    queryFn:
      isPending && id !== undefined ? ({ signal }) => looks.turn(signal, () => ask((session) => session.gradient(id, budget))) : skipToken,
    placeholderData: keepWithin(epoch),
    gcTime: 5_000,
  }).data;
  return isPending ? computed : keep;
}

/** The same by task, once the slider rests; undefined: not known. */
export function useGradientByTask(): GradientByTask | undefined {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  const known = useGradient()?.gradient ?? null;
  const answer = useQuery<GradientByTask | GradientWhyNot>({
    queryKey: ['gradient-by-task', epoch, id, budget],
    queryFn:
      known === null || id === undefined
        ? skipToken
        : ({ signal }) => looks.turn(signal, () => ask((session) => session.gradientByTask(id, budget))),
    placeholderData: keepWithin(epoch),
    gcTime: 5_000,
  }).data;
  return typeof answer === 'object' ? answer : undefined;
}

/** What the files to be written keep; once the slider rests. @param spec null: not known yet */
export function useFidelity(spec: ExportSpec | null): UseQueryResult<Fidelity> {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  return useQuery<Fidelity>({
    // Which files are written changes nothing of what they train.
    queryKey: ['fidelity', epoch, id, budget, spec?.weights, spec?.maskErrors, spec?.records],
    queryFn:
      id === undefined || spec === null
        ? skipToken
        : ({ signal }) =>
            looks.turn(signal, () =>
              ask(async (session) => {
                await session.prepareErrors(spec);
                return session.fidelity(id, budget, spec);
              }),
            ),
    placeholderData: keepWithin(epoch),
    gcTime: 5_000,
  });
}

/** A model could say how much of the gradient is kept, and has not. */
export function useLacksGradient(): boolean {
  const why = useKeep().data?.gradientWhy;
  return why === 'no scores' || why === 'no sketches';
}
