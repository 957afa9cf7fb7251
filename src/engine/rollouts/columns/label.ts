/** Labels that a person gave it, its task, or a node that it goes through. */
import { saidOf } from '../said.ts';
import type { RolloutColumnMember } from '../member.ts';

export const label: RolloutColumnMember = {
  id: 'label',
  columns(input) {
    const said = saidOf(input);
    if (said.every((notes) => notes.every(({ labels }) => labels.length === 0))) return [];
    const words = new Map<string, number>();
    const start = new Int32Array(said.length + 1);
    const items: number[] = [];
    for (const [r, notes] of said.entries()) {
      for (const word of new Set(notes.flatMap(({ labels }) => labels))) {
        if (!words.has(word)) words.set(word, words.size);
        items.push(words.get(word) ?? 0);
      }
      start[r + 1] = items.length;
    }
    const help = 'Labels that you gave it, its task, or a node that it goes through.';
    return [{ type: 'set', id: 'label', label: 'labels', help, start, items: Int32Array.from(items), words: [...words.keys()] }];
  },
};
