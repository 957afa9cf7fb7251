/** Groups of near-equal lists of tokens. Candidates come from MinHash bands; whether they are alike is then counted exactly. */
import { agreement, bandKeys, jaccard, shingles, signatureOf, type Signature } from '../../../base/min-hash.ts';

/** Tokens of a run that is compared, and the least share of runs in common: Jaccard similarity of the sets of runs. [ours] */
export const NEAR = { width: 8, least: 0.8 } as const;

/** Four standard errors of the estimate below `NEAR.least`: what agrees less is not looked at further. */
const LEAST_AGREEMENT = 0.65;
/** Of one bucket, as many lists are compared with a further one, each of another group. */
const COMPARED = 8;
/** Runs that exact comparisons may read between them; beyond that, signatures decide. */
const WORK = 100e6;
/** Runs that are held for further comparisons. */
const HELD = 4e6;

export interface Groups {
  /** list -> the first list of its group; itself where nothing is near it */
  readonly group: Int32Array<ArrayBuffer>;
  /** Pairs that were grouped by the estimate alone, because exact comparisons had come to their limit. */
  readonly estimated: number;
}

/**
 * @param tokensOf list -> its tokens; asked for more than once
 * @param rest called often; what it gives is waited for. @param work as `WORK`, for tests
 */
export async function nearCopies(
  lists: number,
  tokensOf: (list: number) => ArrayLike<number>,
  rest: () => Promise<void> | null,
  work = WORK,
): Promise<Groups> {
  const group = Int32Array.from({ length: lists }, (_, list) => list);
  const signatures: (Signature | null)[] = [];
  const keys: (Float64Array | null)[] = [];
  for (let list = 0; list < lists; list++) {
    await rest();
    const set = shingles(tokensOf(list), NEAR.width);
    const signature = set.length === 0 ? null : signatureOf(set);
    signatures.push(signature);
    keys.push(signature && bandKeys(signature));
  }
  const firstOf = (list: number): number => {
    let first = list;
    while (group[first] !== first) first = group[first] ?? first;
    return first;
  };
  const setOf = makeSets((list) => shingles(tokensOf(list), NEAR.width));
  let left = work;
  let estimated = 0;
  const areNear = (a: number, b: number): boolean => {
    const [one, other] = [signatures[a], signatures[b]];
    if (!one || !other) return false;
    const estimate = agreement(one, other);
    if (estimate < LEAST_AGREEMENT) return false;
    if (left > 0) {
      const [x, y] = [setOf(a), setOf(b)];
      left -= x.length + y.length;
      return jaccard(x, y) >= NEAR.least;
    }
    if (estimate < NEAR.least) return false;
    estimated++;
    return true;
  };
  const bands = keys.find((own) => own !== null)?.length ?? 0;
  for (let band = 0; band < bands; band++) {
    const buckets = new Map<number, number[]>();
    for (let list = 0; list < lists; list++) {
      await rest();
      const key = keys[list]?.[band];
      if (key === undefined) continue;
      const bucket = buckets.get(key);
      if (bucket === undefined) buckets.set(key, [list]);
      else join(bucket, list);
    }
  }
  function join(bucket: number[], list: number): void {
    for (const member of bucket) {
      const [a, b] = [firstOf(member), firstOf(list)];
      if (a === b) return;
      if (!areNear(member, list)) continue;
      group[Math.max(a, b)] = Math.min(a, b);
      return;
    }
    if (bucket.length < COMPARED) bucket.push(list);
  }
  return { group: group.map((_, list) => firstOf(list)), estimated };
}

/** Sets that were asked for, held until they are many. */
function makeSets(make: (list: number) => Uint32Array): (list: number) => Uint32Array {
  const held = new Map<number, Uint32Array>();
  let size = 0;
  return (list) => {
    const known = held.get(list);
    if (known) return known;
    const set = make(list);
    if (size > HELD) {
      held.clear();
      size = 0;
    }
    held.set(list, set);
    size += set.length;
    return set;
  };
}
