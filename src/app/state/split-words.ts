/** How statistics part the rollouts, as words of an address, and back. */
import type { Split } from '../../engine/answers/statistics.ts';

type Put = (name: string, value: string | null | undefined) => void;

/** Longer ones are not taken over from an address. */
const LENGTH = 4_000;

export function putSplit(put: Put, split: Split | null): void {
  if (split === null) return;
  if ('by' in split) {
    put('split', split.by);
    put('base', split.base);
  } else {
    put('set-a', split.a);
    put('set-b', split.b);
  }
}

export function readSplit(words: URLSearchParams): Split | null {
  const word = (name: string): string | null => {
    const text = words.get(name);
    return text !== null && text.length <= LENGTH ? text : null;
  };
  const by = word('split');
  if (by !== null) return { by, base: word('base') };
  const [a, b] = [word('set-a'), word('set-b')];
  return a === null || b === null ? null : { a, b };
}
