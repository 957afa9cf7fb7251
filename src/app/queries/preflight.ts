/** A look at the records of an export before it is written: unasked where they are few, else when the person wants it. */
import { skipToken, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ExportSpec } from '../../engine/answers/exporting.ts';
import type { Preflight } from '../../engine/answers/preflight.ts';
import { useEpoch, useKeep, useOrderId, useRestingBudget } from './answers.ts';
import { ask, askToStop } from './client.ts';
import { makeGate } from './latest.ts';

/** Up to so many records of so many tokens are looked at in a second or two. */
const FEW_RECORDS = 2_000;
const FEW_TOKENS = 2_000_000;

/** The session is asked for one at a time, so that stopping one never stops the next. */
const looks = makeGate();

export interface PreflightState {
  readonly look: UseQueryResult<Preflight>;
  /** It is made unasked. */
  readonly isSmall: boolean;
}

/**
 * @param spec null: not known yet, or nothing is chosen
 * @param isWanted the person asks for it
 */
export function usePreflight(
  spec: ExportSpec | null,
  isWanted: boolean,
  onProgress: (done: number, total: number) => void,
): PreflightState {
  const epoch = useEpoch();
  const id = useOrderId();
  const budget = useRestingBudget();
  const keep = useKeep().data;
  const isSmall = keep !== undefined && keep.branches.after <= FEW_RECORDS && keep.flat.after <= FEW_TOKENS;
  const isAsked = isSmall || isWanted;
  const look = useQuery<Preflight>({
    queryKey: ['preflight', epoch, id, budget, spec],
    queryFn:
      id === undefined || spec === null || !isAsked
        ? skipToken
        : ({ signal }) =>
            looks.turn(signal, () => {
              signal.addEventListener('abort', () => void askToStop((session) => session.cancel('preflight')), { once: true });
              return ask((session) => session.preflight(id, budget, spec, onProgress));
            }),
    gcTime: 60_000,
  });
  return { look, isSmall };
}
