/** Verdicts that a person has of rollouts: which rollout each is about, so that it can be attached, or why it cannot. */
import type { RolloutRow } from '../model/batch.ts';
import { episodeKey, mayGoOn } from './continued.ts';
import { ungrouped, type Group } from './regard.ts';
import type { RolloutKey } from './rollout-key.ts';

/** One verdict. It names its rollout by key, or by id, or by task and id. */
export interface Verdict {
  /** Of its file; 1-based. */
  readonly line: number;
  readonly key: RolloutKey | null;
  readonly task: string | null;
  readonly id: string | null;
  readonly reward: number | null;
  readonly labels: readonly string[];
}

export interface MatchedVerdicts {
  /** rollout -> its verdict, as an index, or −1 */
  readonly of: Int32Array<ArrayBuffer>;
  readonly matched: number;
  /** Verdicts about no rollout that is open. */
  readonly unmatched: readonly number[];
  /** Verdicts that name several rollouts, or one that others name too and judge differently: none of them is attached. */
  readonly ambiguous: readonly number[];
}

type Row = Pick<RolloutRow, 'id' | 'task' | 'episode' | 'status' | 'reward'>;

/**
 * O(rollouts + verdicts). Two equal verdicts about one rollout are one. Of records of one rollout of which all but one paused, a name
 * is that one's.
 * @param keys of the rollouts. @param group by which the tasks of `rollouts` are set
 */
export function matchVerdicts(
  verdicts: readonly Verdict[],
  rollouts: readonly Row[],
  keys: readonly RolloutKey[],
  group: Group = 'task',
): MatchedVerdicts {
  const byKey = listed(keys);
  const byId = listed(rollouts.map(({ id }) => id));
  const byBoth = listed(rollouts.map(({ id, task }) => pair(ungrouped(task, group), id)));
  const of = new Int32Array(rollouts.length).fill(-1);
  const unmatched: number[] = [];
  const ambiguous = new Set<number>();
  const contested = new Set<number>();
  for (const [v, { key, task, id }] of verdicts.entries()) {
    const named = key !== null ? byKey.get(key) : id === null ? undefined : task === null ? byId.get(id) : byBoth.get(pair(task, id));
    const found = named && wholeOf(named, rollouts);
    if (found === undefined) unmatched.push(v);
    else if (found.length > 1) ambiguous.add(v);
    else {
      const [rollout = 0] = found;
      const before = of[rollout];
      if (before === -1) of[rollout] = v;
      else if (!sameVerdict(verdicts[before], verdicts[v])) {
        contested.add(rollout);
        ambiguous.add(before).add(v);
      }
    }
  }
  for (const rollout of contested) of[rollout] = -1;
  const matched = verdicts.length - unmatched.length - ambiguous.size;
  return { of, matched, unmatched, ambiguous: [...ambiguous].sort((a, b) => a - b) };
}

/** The one of these that did not pause, where they are records of one rollout; else all of them. */
function wholeOf(named: readonly number[], rollouts: readonly Row[]): readonly number[] {
  if (named.length === 1 || new Set(named.map((r) => episodeKey(rollouts[r]))).size > 1) return named;
  const whole = named.filter((r) => !mayGoOn(rollouts[r]));
  return whole.length === 1 ? whole : named;
}

function sameVerdict(a: Verdict, b: Verdict): boolean {
  return a.reward === b.reward && a.labels.join('\n') === b.labels.join('\n');
}

/** No id or task holds a line end and its length in front of it. */
function pair(task: string, id: string): string {
  return `${task.length}\n${task}${id}`;
}

/** name -> places that have it */
function listed(names: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [place, name] of names.entries()) {
    const known = places.get(name);
    if (known === undefined) places.set(name, [place]);
    else known.push(place);
  }
  return places;
}
