/** The sets of rollouts that a question is about. */
import type { RolloutColumn } from '../../core/rollouts/columns.ts';
import type { RolloutsAnswer } from '../answers/rollouts.ts';
import { MOST_SETS, type RolloutSet, type Split, type StatisticsAnswer } from '../answers/statistics.ts';
import { numbersOf } from './column-plot.ts';
import { termOf } from './term.ts';

export interface Sets extends Pick<StatisticsAnswer, 'left' | 'base'> {
  readonly sets: readonly RolloutSet[];
  /** rollout -> bit per set */
  readonly bits: Int32Array<ArrayBuffer>;
}

/** What tells rollouts apart: words, and of each rollout those that hold for it. */
interface Grouping {
  readonly words: readonly string[];
  readonly terms: readonly string[];
  readonly of: (rollout: number) => Iterable<number>;
}

const NOTHING_LEFT = { words: 0, rollouts: 0, unknown: 0 };
const byNumbers = new Intl.Collator('en', { numeric: true });

/** @param taken rollout -> 1 where the filter takes it. @param match the same of another filter */
export async function setsOf(
  rollouts: RolloutsAnswer,
  taken: Uint8Array,
  split: Split | null,
  match: (text: string) => Promise<Uint8Array>,
): Promise<Sets> {
  if (split === null) return namedSets(rollouts, [{ name: 'all', term: null }], [taken], null);
  if ('a' in split) {
    const within = (mask: Uint8Array): Uint8Array => mask.map((is, r) => is & (taken[r] ?? 0));
    const masks = [within(await match(split.a)), within(await match(split.b))];
    const name = (letter: string, text: string) => ({
      name: text === '' ? `${letter}: all` : `${letter}: ${text}`,
      term: text === '' ? null : text,
    });
    return namedSets(rollouts, [name('A', split.a), name('B', split.b)], masks, 0);
  }
  const grouping = groupingOf(rollouts, split.by);
  return grouping === null
    ? namedSets(rollouts, [{ name: 'all', term: null }], [taken], null)
    : grouped(rollouts, taken, grouping, split.base);
}

/** By what rollouts can be told apart here: columns of words that differ, and the outcome. */
export function groupings(rollouts: RolloutsAnswer): readonly { readonly id: string; readonly label: string }[] {
  const differ = (column: RolloutColumn): boolean => column.type !== 'number' && column.id !== 'id' && column.words.length > 1;
  const outcome = numbersOf(rollouts, 'reward') === null ? [] : [{ id: 'outcome', label: 'outcome' }];
  return [...rollouts.columns.filter(differ).map(({ id, label }) => ({ id, label })), ...outcome];
}

/** The rollouts of each word of a column or of the outcome, in the order of the words; null: there is no such column. */
export function setsOfColumn(
  rollouts: RolloutsAnswer,
  by: string,
): readonly { readonly word: string; readonly members: readonly number[] }[] | null {
  const grouping = groupingOf(rollouts, by);
  if (grouping === null) return null;
  const members = grouping.words.map((): number[] => []);
  for (let r = 0; r < rollouts.length; r++) for (const word of grouping.of(r)) members[word]?.push(r);
  const sets = grouping.words.map((word, i) => ({ word, members: members[i] ?? [] }));
  return sets.filter((set) => set.members.length > 0).sort((a, b) => byNumbers.compare(a.word, b.word) || (a.word < b.word ? -1 : 1));
}

function groupingOf(rollouts: RolloutsAnswer, by: string): Grouping | null {
  if (by === 'outcome') {
    const rewards = numbersOf(rollouts, 'reward');
    if (rewards === null) return null;
    const of = (r: number): number[] => {
      const reward = rewards[r] ?? Number.NaN;
      return Number.isNaN(reward) ? [] : [reward > 0 ? 0 : 1];
    };
    return { words: ['solved', 'failed'], terms: ['reward>0', 'reward<=0'], of };
  }
  const column = rollouts.columns.find(({ id }) => id === by);
  if (column === undefined || column.type === 'number') return null;
  const terms = column.words.map((word) => termOf(by, word));
  if (column.type === 'set') return { words: column.words, terms, of: (r) => column.items.subarray(column.start[r], column.start[r + 1]) };
  return { words: column.words, terms, of: (r) => ((column.codes[r] ?? -1) < 0 ? [] : [column.codes[r] ?? 0]) };
}

function grouped(rollouts: RolloutsAnswer, taken: Uint8Array, { words, terms, of }: Grouping, base: string | null): Sets {
  const sizes = new Float64Array(words.length);
  let unknown = 0;
  for (const [r, is] of taken.entries()) {
    if (is === 0) continue;
    let some = false;
    for (const word of of(r)) {
      sizes[word] = (sizes[word] ?? 0) + 1;
      some = true;
    }
    if (!some) unknown++;
  }
  const nameOf = (word: number): string => words[word] ?? '';
  const inOrder = (a: number, b: number): number => byNumbers.compare(nameOf(a), nameOf(b)) || (nameOf(a) < nameOf(b) ? -1 : 1);
  const present = [...words.keys()].filter((word) => (sizes[word] ?? 0) > 0);
  const largest = present.toSorted((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || inOrder(a, b));
  const shown = largest.slice(0, MOST_SETS).sort(inOrder);
  const setOfWord = new Map(shown.map((word, set) => [word, set]));
  const masks = shown.map(() => new Uint8Array(rollouts.length));
  let left = 0;
  for (const [r, is] of taken.entries()) {
    if (is === 0) continue;
    let isShown = false;
    let some = false;
    for (const word of of(r)) {
      some = true;
      const set = setOfWord.get(word);
      if (set === undefined) continue;
      isShown = true;
      const mask = masks[set];
      if (mask) mask[r] = 1;
    }
    if (some && !isShown) left++;
  }
  const asked = shown.findIndex((word) => nameOf(word) === base);
  const names = shown.map((word) => ({ name: nameOf(word), term: terms[word] ?? null }));
  const answer = namedSets(rollouts, names, masks, shown.length > 1 ? Math.max(0, asked) : null);
  return { ...answer, left: { words: present.length - shown.length, rollouts: left, unknown } };
}

/** Sets by masks. @param masks set -> rollout -> 1 */
export function namedSets(
  { task, length }: RolloutsAnswer,
  names: readonly Pick<RolloutSet, 'name' | 'term'>[],
  masks: readonly Uint8Array[],
  base: number | null,
): Sets {
  const bits = new Int32Array(length);
  const sets = names.map((about, set) => {
    const tasks = new Set<number>();
    let count = 0;
    for (let r = 0; r < length; r++) {
      if (masks[set]?.[r] !== 1) continue;
      bits[r] = (bits[r] ?? 0) | (1 << set);
      tasks.add(task[r] ?? -1);
      count++;
    }
    return { ...about, rollouts: count, tasks: tasks.size };
  });
  return { sets, bits, base, left: NOTHING_LEFT };
}
