/** Which candidates of a task are equal, by syntax where a grammar reads their files, else by text. */
import { candidateKey, type ReadSide } from '../../../core/candidates/candidate-key.ts';
import { groupByKey, type Groups } from '../../../core/candidates/group.ts';
import { textLines } from '../../../core/candidates/text-lines.ts';
import { styleOf } from '../../../core/candidates/text-style.ts';
import { parsePatch, type PatchFile } from '../../../core/candidates/unified-diff.ts';
import type { ComparedFile } from '../../answers/candidates.ts';
import type { GatheredCandidate, GatheredTask } from './gathered.ts';
import { NO_GRAMMARS, type Grammars } from './grammars.ts';

/** A candidate whose text is not held. */
export type Untold = Omit<GatheredCandidate, 'text'>;

export interface ComparedTask extends Omit<GatheredTask, 'candidates'> {
  readonly candidates: readonly Untold[];
  readonly groups: Groups;
  /** group -> members that are not byte for byte its first */
  readonly variants: readonly number[];
  /** group -> files of its first member that have lines */
  readonly compared: readonly (readonly ComparedFile[])[];
  /** Candidates whose patches are damaged: lines that fit nowhere, counts that are wrong. */
  readonly damaged: number;
}

/** Texts are left behind. @param grammars those that the paths of the task need are loaded */
export function compareTask(task: GatheredTask, grammars: Grammars = NO_GRAMMARS): ComparedTask {
  const patches = task.candidates.map(({ text }) => (text === null ? null : { text, patch: parsePatch(text) }));
  // A file that a grammar cannot read in one candidate is compared by its text in all.
  const why = new Map<string, string>();
  const keysNow = (): (string | null)[] =>
    patches.map((each) => (each === null ? null : candidateKey(each.text, each.patch, (file) => readerOf(file, grammars, why))));
  let keys = keysNow();
  if (why.size > 0) keys = keysNow();
  const groups = groupByKey(keys);
  const textOf = (c: number | undefined): string | null => task.candidates[c ?? -1]?.text ?? null;
  return {
    ...task,
    candidates: task.candidates.map(untold),
    groups,
    variants: groups.members.map((members) => members.filter((c) => textOf(c) !== textOf(members[0])).length),
    compared: groups.members.map(([first]) =>
      (patches[first ?? -1]?.patch.files ?? [])
        .filter(({ hunks }) => hunks.length > 0)
        .map(({ path }) => ({ path, grammar: why.has(path) ? null : grammars.nameOf(path), why: why.get(path) ?? null })),
    ),
    damaged: patches.filter((each) => each !== null && each.patch.faultCount > 0).length,
  };
}

function untold(candidate: GatheredCandidate): Untold {
  const { key, name, file, rollout, copies, length, outcome, passed, failed, logprob, entropy } = candidate;
  return { key, name, file, rollout, copies, length, outcome, passed, failed, logprob, entropy };
}

/** Paths of files that patches of a task change. */
export function pathsOf(task: GatheredTask): string[] {
  return [...new Set(task.candidates.flatMap(({ text }) => (text === null ? [] : parsePatch(text).files.map(({ path }) => path))))];
}

/** @param why path -> why its file is compared by text; what turns out unreadable is added */
function readerOf({ path }: PatchFile, grammars: Grammars, why: Map<string, string>): ReadSide {
  const style = styleOf(path);
  const byText: ReadSide = (side) => textLines(side, style);
  const bySyntax = why.has(path) ? null : grammars.readerOf(path);
  if (bySyntax === null) return byText;
  return (side) => {
    const read = bySyntax(side);
    if (read.ok) return read.lines;
    why.set(path, read.why);
    return byText(side);
  };
}
