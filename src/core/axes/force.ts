/** Which tag of a task is in force on each axis: what is said of it, else the guess, else nothing. */
import { AXIS_IDS, UNKNOWN, type AxisId } from './axes.ts';
import type { Guesses } from './guess.ts';
import { NO_TAGS, tagOn, type AxisTags, type TagSource } from './tags.ts';

export interface InForce {
  readonly tag: string;
  /** `guess`: a person took it over; `rules`: the guess of now, which nobody has; null: nothing is said or guessed. */
  readonly from: TagSource | 'rules' | null;
}

export type TagsInForce = Readonly<Record<AxisId, InForce>>;

/** What of a task's tags is said under its own key, else under the one without what groups it. */
export function saidOf(
  said: ReadonlyMap<string, AxisTags>,
  { key, subject }: { readonly key: string; readonly subject: string },
): AxisTags {
  return said.get(key) ?? said.get(subject) ?? NO_TAGS;
}

/** @param guesses null: guesses count for nothing */
export function tagsInForce(said: AxisTags, guesses: Guesses | null): TagsInForce {
  const of = (axis: AxisId): InForce => {
    const own = tagOn(said, axis);
    if (own !== null) return { tag: own.tag, from: own.source };
    const guess = guesses?.[axis].tag ?? UNKNOWN;
    return { tag: guess, from: guess === UNKNOWN ? null : 'rules' };
  };
  const [language, tasktype, scenario] = AXIS_IDS.map(of);
  return { language, tasktype, scenario };
}

export function tagNames({ language, tasktype, scenario }: TagsInForce): Readonly<Record<AxisId, string>> {
  return { language: language.tag, tasktype: tasktype.tag, scenario: scenario.tag };
}
