/** What of the open log goes into a simulation: turns, tokens by turn, and times of tools. */
import type { RolloutTimes } from '../../../core/schedule/times.ts';
import { tokensByTurn, type Profile } from '../../../core/schedule/workload.ts';
import type { MeasuredWork, Spread } from '../../answers/schedule.ts';

export interface Work {
  readonly profiles: readonly Profile[];
  readonly measured: MeasuredWork;
}

/** @param times rollout -> its times, null where it was not read. @param sampled rollout -> sampled tokens */
export function workOf(times: readonly (RolloutTimes | null)[], sampled: ArrayLike<number>): Work {
  const profiles: Profile[] = [];
  const perTurn: number[] = [];
  const rests: number[] = [];
  let unknownRests = 0;
  let [timedTokens, timedSeconds, timedTurns, allTurns] = [0, 0, 0, 0];
  for (const [rollout, own] of times.entries()) {
    const tokens = sampled[rollout] ?? Number.NaN;
    if (own === null || own.turnSizes.length === 0 || !(tokens > 0)) continue;
    const byTurn = tokensByTurn(own.turnSizes, tokens);
    const rest = own.restSeconds.map((seconds, turn) => (turn + 1 === byTurn.length ? 0 : seconds));
    profiles.push({ tokens: byTurn, rest });
    for (let turn = 0; turn < byTurn.length; turn++) {
      const made = byTurn[turn] ?? 0;
      const seconds = own.turnSeconds[turn] ?? Number.NaN;
      perTurn.push(made);
      allTurns++;
      if (seconds > 0) {
        timedTokens += made;
        timedSeconds += seconds;
        timedTurns++;
      }
      if (turn + 1 === byTurn.length) continue;
      const after = rest[turn] ?? Number.NaN;
      if (Number.isNaN(after)) unknownRests++;
      else rests.push(after);
    }
  }
  const measured = {
    rollouts: profiles.length,
    leftOut: times.length - profiles.length,
    turns: spreadOf(profiles.map(({ tokens }) => tokens.length)),
    tokensPerTurn: spreadOf(perTurn),
    rest: spreadOf(rests),
    unknownRests,
    rate: timedSeconds > 0 ? timedTokens / timedSeconds : Number.NaN,
    timedTurns,
    allTurns,
  };
  return { profiles, measured };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  const sum = sorted.reduce((all, one) => all + one, 0);
  return { count: sorted.length, sum, mean: sum / sorted.length, median: at(0.5), p90: at(0.9), most: at(1) };
}
