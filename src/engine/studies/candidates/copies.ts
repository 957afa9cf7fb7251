/**
 * Which patch of a file is one that a rollout's log holds, too [ours]: a run that is logged and whose prediction stands in a file is one
 * candidate, while equal patches of two runs are two.
 */
import type { GatheredCandidate } from './gathered.ts';

/**
 * A rollout takes one patch of the files at most, of the same text but for white space around it; where several may, the one whose path
 * has more names of the other's. Patches of one name, text and folder, in two files, are one.
 * @returns rollouts first, then what is left of the files
 */
export function matchCopies(own: readonly GatheredCandidate[], side: readonly GatheredCandidate[]): readonly GatheredCandidate[] {
  const merged = mergeRepeated(side);
  const byText = new Map<string, number[]>();
  for (const [r, { text }] of own.entries()) if (text !== null) pushTo(byText, text.trim(), r);
  const pairs = merged.flatMap((candidate, s) =>
    (candidate.text === null ? [] : (byText.get(candidate.text.trim()) ?? [])).map((r) => ({ s, r, near: nearness(candidate, own[r]) })),
  );
  pairs.sort((a, b) => b.near - a.near || a.s - b.s || a.r - b.r);
  const takenBy = new Map<number, number>();
  const taken = new Set<number>();
  for (const { s, r } of pairs) {
    if (taken.has(s) || takenBy.has(r)) continue;
    taken.add(s);
    takenBy.set(r, s);
  }
  const withCopies = own.map((candidate, r) => {
    const s = takenBy.get(r);
    const from = s === undefined ? undefined : merged[s];
    return from === undefined ? candidate : withKnown(candidate, from);
  });
  return [...withCopies, ...merged.filter((_, s) => !taken.has(s))];
}

/** What a file knows of it counts where the log does not say. */
function withKnown(candidate: GatheredCandidate, from: GatheredCandidate): GatheredCandidate {
  const hasTests = !Number.isNaN(candidate.passed);
  return {
    ...candidate,
    copies: [...candidate.copies, from.file, ...from.copies],
    outcome: candidate.outcome === 'unknown' ? from.outcome : candidate.outcome,
    passed: hasTests ? candidate.passed : from.passed,
    failed: hasTests ? candidate.failed : from.failed,
  };
}

function mergeRepeated(side: readonly GatheredCandidate[]): GatheredCandidate[] {
  const merged: GatheredCandidate[] = [];
  const known = new Map<string, number>();
  for (const candidate of side) {
    const key = JSON.stringify([folderOf(candidate.file), candidate.name, candidate.text]);
    const at = candidate.text === null ? undefined : known.get(key);
    const first = at === undefined ? undefined : merged[at];
    // Two of one file are two answers, whatever they are called.
    if (at === undefined || first === undefined || first.file === candidate.file || first.copies.includes(candidate.file)) {
      if (at === undefined) known.set(key, merged.length);
      merged.push(candidate);
    } else merged[at] = withKnown(first, candidate);
  }
  return merged;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function namesIn(path: string): Set<string> {
  return new Set(path.split(/[/.]/).filter((name) => name !== ''));
}

function nearness(a: GatheredCandidate, b: GatheredCandidate | undefined): number {
  if (b === undefined) return 0;
  const names = namesIn(a.file);
  return [...namesIn(b.file)].filter((name) => names.has(name)).length;
}

function pushTo(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
