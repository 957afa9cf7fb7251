/**
 * Which numbers of a log can be. The others are named, record by record, and count as unknown, so that none of them ranks anything
 * [ours: what the limits are]. Every rollout that a format decodes passes here, before it becomes tokens.
 */
import { MAX_ADVANTAGE, MAX_ENTROPY, MAX_REWARD, MAX_SURPRISAL, ROUNDING_NATS } from '../../base/bounds.ts';
import type { Branch, LoggedTokens, NumberFault, Rollout, RolloutEvent } from '../model/rollout.ts';
import { isNoLogprob } from './batch-writer.ts';

/** What a number of one kind can be. */
export interface NumberRange {
  /** As a sentence names several. */
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Further than the range by no more than this is rounding: the end of the range counts. */
  readonly slack: number;
}

export const LOGPROBS: NumberRange = { name: 'log-probs', least: -MAX_SURPRISAL, most: 0, slack: ROUNDING_NATS };
const ENTROPIES: NumberRange = { name: 'entropies', least: 0, most: MAX_ENTROPY, slack: ROUNDING_NATS };
export const ADVANTAGES: NumberRange = { name: 'advantages', least: -MAX_ADVANTAGE, most: MAX_ADVANTAGE, slack: 0 };
export const REWARDS: NumberRange = { name: 'rewards', least: -MAX_REWARD, most: MAX_REWARD, slack: 0 };

/** A complaint as formats make them. */
export interface NumberNote {
  readonly code: 'impossible-numbers' | 'rounded-numbers';
  readonly expected: string;
  readonly found: string;
  /** How many count as unknown. */
  readonly numbers: number;
}

/** Whether a number is of the range, or unknown (NaN). */
export function isPlausible(value: number, { least, most }: NumberRange): boolean {
  return Number.isNaN(value) || (value >= least && value <= most);
}

/** What is wrong with the numbers of one record, by range: bounded, however many there are. */
export class NumberFaults {
  private readonly kinds = new Map<string, { range: string; count: number; first: string; rounded: boolean }>();

  /** @returns what the number counts as: itself, the end of the range, or NaN. @param place for people */
  check(value: number, range: NumberRange, place: string): number {
    if (value >= range.least && value <= range.most) return value;
    const end = value > range.most ? range.most : range.least;
    const isRounding = Math.abs(value - end) <= range.slack;
    this.add(rangeText(range), 1, `${value} ${place}`, isRounding);
    return isRounding ? end : Number.NaN;
  }

  /** The same of a column, of which NaN stands for what the log does not know. The column itself where all is well. */
  column(
    values: ArrayLike<number>,
    range: NumberRange,
    place = '',
    isUnknown: (value: number) => boolean = Number.isNaN,
  ): ArrayLike<number> {
    let checked: Float64Array | null = null;
    const { least, most } = range;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if ((value >= least && value <= most) || isUnknown(value)) continue;
      checked ??= Float64Array.from(values);
      checked[i] = this.check(value, range, `at token ${i}${place}`);
    }
    return checked ?? values;
  }

  /** What a format found that is no number. */
  take({ expected, count, first, rounded }: NumberFault): void {
    this.add(expected, count, first, rounded === true);
  }

  private add(range: string, count: number, first: string, rounded: boolean): void {
    const key = `${rounded ? 1 : 0}${range}`;
    const kind = this.kinds.get(key);
    if (kind) kind.count += count;
    else this.kinds.set(key, { range, count, first, rounded });
  }

  notes(): NumberNote[] {
    return [...this.kinds.values()].map(({ range, count, first, rounded }) => ({
      code: rounded ? ('rounded-numbers' as const) : ('impossible-numbers' as const),
      expected: range,
      found:
        `${count.toLocaleString('en')} ${count === 1 ? 'other' : 'others'}, the first ${first}; ` +
        (rounded ? 'so little outside counts as the limit' : count === 1 ? 'it counts as unknown' : 'they count as unknown'),
      numbers: rounded ? 0 : count,
    }));
  }
}

function rangeText({ name, least, most, slack }: NumberRange): string {
  const end = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1)).replace('-', '−');
  return `${name} from ${end(least)} to ${end(most)}${slack > 0 ? ' nats' : ''}`;
}

/** The rollout with only numbers that can be, and what there was besides. The same object where all is well. */
export function plausibleRollout(rollout: Rollout): { readonly rollout: Rollout; readonly notes: readonly NumberNote[] } {
  const faults = new NumberFaults();
  // Branches share events: each is looked at once.
  const seen = new Map<RolloutEvent, RolloutEvent>();
  const eventOf = (event: RolloutEvent, index: number): RolloutEvent => {
    if (event.tokens === undefined) return event;
    const known = seen.get(event);
    if (known) return known;
    const plausible = { ...event, tokens: plausibleTokens(event.tokens, faults, ` of event ${index}`) };
    seen.set(event, plausible);
    return plausible;
  };
  const reward = checked(faults, rollout.reward ?? undefined, REWARDS, 'of the rollout');
  const advantage = checked(faults, rollout.advantage, ADVANTAGES, 'of the rollout');
  const branches = rollout.branches.map(({ reward: own, advantage: ownAdvantage, events, ...rest }, b): Branch => {
    const branchReward = checked(faults, own, REWARDS, `of branch ${b}`);
    const branchAdvantage = checked(faults, ownAdvantage, ADVANTAGES, `of branch ${b}`);
    return {
      ...rest,
      events: events.map(eventOf),
      ...(branchReward === undefined ? {} : { reward: branchReward }),
      ...(branchAdvantage === undefined ? {} : { advantage: branchAdvantage }),
    };
  });
  const notes = faults.notes();
  if (notes.length === 0) return { rollout, notes };
  const { advantage: _, ...rest } = rollout;
  return { rollout: { ...rest, reward: reward ?? null, ...(advantage === undefined ? {} : { advantage }), branches }, notes };
}

function checked(faults: NumberFaults, value: number | undefined, range: NumberRange, place: string): number | undefined {
  const counts = value === undefined ? Number.NaN : faults.check(value, range, place);
  return Number.isNaN(counts) ? undefined : counts;
}

function plausibleTokens(tokens: LoggedTokens, faults: NumberFaults, place: string): LoggedTokens {
  for (const fault of tokens.faults ?? []) faults.take(fault);
  const { logprobs, entropy, advantages } = tokens;
  return {
    ...tokens,
    ...(logprobs && { logprobs: faults.column(logprobs, LOGPROBS, place, isNoLogprob) }),
    ...(entropy && { entropy: faults.column(entropy, ENTROPIES, place) }),
    ...(advantages && { advantages: faults.column(advantages, ADVANTAGES, place) }),
  };
}
