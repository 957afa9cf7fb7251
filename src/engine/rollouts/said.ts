/** Which notes are about which rollout. */
import { NONE } from '../../core/model/kinds.ts';
import { locateNodes } from '../../core/model/node-key.ts';
import type { Note, Subject } from '../../core/notes/notes.ts';
import { ungrouped } from '../../core/rollouts/regard.ts';
import type { RolloutInput } from './member.ts';

/** rollout -> its own notes, those of its task, and those of nodes that it goes through; each once. O(notes + what they are about) */
export function saidOf({ dataset, rollouts, keys, notes, group }: RolloutInput): readonly (readonly Note[])[] {
  const said: Note[][] = rollouts.map(() => []);
  if (notes.length === 0) return said;
  const put = (r: number | undefined, note: Note): void => {
    const own = r === undefined ? undefined : said[r];
    if (own !== undefined && own.at(-1) !== note) own.push(note);
  };
  const byKey = new Map(keys.map((key, r) => [key, r]));
  for (const note of notes) {
    const { kind, key } = note.subject;
    if (kind === 'rollout') put(byKey.get(key), note);
    else if (kind === 'task')
      for (const [r, { task }] of rollouts.entries()) {
        if (task === key || ungrouped(task, group) === key) put(r, note);
      }
    else {
      const { forest } = kind === 'node' ? dataset.tokens : dataset.actions;
      const [node = NONE] = locateNodes(forest.keys, [key]);
      if (node === NONE) continue;
      const first = forest.reachStart[node] ?? 0;
      const through = forest.trajectoryOrder.subarray(first, first + (forest.reachCount[node] ?? 0));
      // Of a rollout several trajectories may go through it.
      for (const r of new Set(Array.from(through, (t) => forest.trajectories.rollout[t] ?? -1))) put(r, note);
    }
  }
  return said;
}

/** What notes are about that no rollout is, belongs to, or goes through: of another log, or of one that is grouped otherwise. */
export function astrayOf(input: RolloutInput): readonly Subject[] {
  if (input.notes.length === 0) return [];
  const applied = new Set(saidOf(input).flat());
  return input.notes.filter((note) => !applied.has(note)).map(({ subject }) => subject);
}
