/**
 * Names of files of which one says something of a whole folder (`reward.txt`): as long as it takes to tell by the names alone, as the
 * engine does, what lies in that folder and what does not.
 */
import { sep } from 'node:path';
import { judgedFolder } from '../core/rollouts/joins.ts';
import { namesReward } from '../engine/beside.ts';

interface Named {
  readonly file: string;
  /** Of the whole path. */
  readonly steps: readonly string[];
  /** Folder that it says something of, as the number of steps to it; 0: it says nothing of one that has a name. */
  readonly judges: number;
}

/**
 * @param shown by absolute path: how many of its last steps are its name; is made larger where that is too few. Where nothing has to be,
 * it takes O(files · steps).
 */
export function tellJudged(shown: Map<string, number>): void {
  const files = [...shown.keys()].map(named);
  const judging = files.filter(({ judges }) => judges > 0);
  if (judging.length === 0) return;
  /** First step that is shown; the root of a file system has no name. */
  const from = ({ file, steps }: Named): number => Math.max(0, steps.length - (shown.get(file) ?? 1));
  const showFrom = (each: Named, step: number): boolean => {
    const wanted = Math.max(1, step);
    if (wanted >= from(each)) return false;
    shown.set(each.file, each.steps.length - wanted);
    return true;
  };
  for (const each of judging) showFrom(each, each.judges - 1);
  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    const byFolder = grouped(judging, ({ steps, judges }) => steps.slice(0, judges));
    const byName = grouped(judging, (each) => each.steps.slice(from(each), each.judges));
    for (const each of files) {
      for (let end = 1; end < each.steps.length; end++) {
        // Those of its folders begin where it does.
        for (const other of byFolder.get(keyOf(each.steps.slice(0, end))) ?? []) {
          const step = Math.min(from(each), from(other));
          hasChanged = [showFrom(each, step), showFrom(other, step)].includes(true) || hasChanged;
        }
        // Those of other folders are told apart.
        if (end <= from(each)) continue;
        const name = keyOf(each.steps.slice(from(each), end));
        for (const other of byName.get(name) ?? []) {
          if (keyOf(other.steps.slice(0, other.judges)) === keyOf(each.steps.slice(0, end))) continue;
          if (keyOf(other.steps.slice(from(other), other.judges)) !== name) continue;
          hasChanged = [showFrom(each, from(each) - 1), showFrom(other, from(other) - 1)].includes(true) || hasChanged;
        }
      }
    }
  }
}

function named(file: string): Named {
  const steps = file.split(sep);
  const path = steps.join('/');
  const judges = namesReward(path) ? judgedFolder(path).length : 0;
  return { file, steps, judges: judges > 1 ? judges : 0 };
}

function grouped(files: readonly Named[], folderOf: (file: Named) => readonly string[]): Map<string, Named[]> {
  const groups = new Map<string, Named[]>();
  for (const file of files) {
    const key = keyOf(folderOf(file));
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return groups;
}

function keyOf(steps: readonly string[]): string {
  return steps.join('/');
}
