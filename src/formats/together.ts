/** Logs whose lines together are rollouts, where a format meets them one by one or as a list inside of something else. */
import type { Decoded, DecodedLines, Format, LogLine, RecordContext } from './format.ts';

/** Values as lines of which only the record around them has a place. */
export function asLines(values: readonly unknown[], line = 0): LogLine[] {
  return values.map((value) => ({ value, line, start: 0, size: 0 }));
}

/** What lines come to, one entry after the other, where they have no places of their own. */
export function entriesOf({ rollouts, faults }: DecodedLines): readonly Decoded[] {
  return [...rollouts, ...faults.map(({ complaint }): Decoded => ({ ok: false, complaint }))];
}

/** `Format.decode` of a format that takes lines together: one line is all that there is. */
export function oneLine(together: NonNullable<Format['together']>): Format['decode'] {
  return (record: unknown, context: RecordContext) => entriesOf(together(asLines([record], context.line), context));
}
