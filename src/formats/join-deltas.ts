/** Streams that tell one message in several lines. */
import type { LogLine } from './format.ts';

export interface Deltas {
  /** line -> which message it is a piece of; undefined where it is whole. Equal ones that follow each other are one message. */
  readonly keys: readonly (string | undefined)[];
  readonly textOf: (value: unknown) => string;
  /** The first line of a message with the text of all. */
  readonly withText: (value: unknown, text: string) => unknown;
}

/** The lines with the pieces of each message as one, at the place of the first. O(lines + characters). */
export function joinDeltas(lines: readonly LogLine[], { keys, textOf, withText }: Deltas): readonly LogLine[] {
  const found: LogLine[] = [];
  for (let i = 0; i < lines.length;) {
    const first = lines[i]!;
    let end = i + 1;
    while (end < lines.length && keys[i] !== undefined && keys[end] === keys[i]) end++;
    const text = (): string =>
      lines
        .slice(i, end)
        .map(({ value }) => textOf(value))
        .join('');
    found.push(end === i + 1 ? first : { ...first, value: withText(first.value, text()) });
    i = end;
  }
  return found;
}
