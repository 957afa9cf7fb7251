/** Streams that tell of a call when it starts and once more when it ends: calls that run side by side are one turn, then their results. */
import type { LogLine } from './format.ts';
import type { SessionReading } from './session-format.ts';

export interface CallLines {
  /** What names the call that a line tells of; undefined where it is of none. */
  readonly keyOf: (line: LogLine) => string | undefined;
  /** Whether a line tells that a call starts, hence nothing of its result. */
  readonly isStart: (line: LogLine) => boolean;
  /** The last line of a call as one that starts it: what it says of the call may be more than its first line knew. */
  readonly asStart: (line: LogLine) => unknown;
}

/** Of the lines of each call the first, with what the last knows of it, and the last; the last alone where none starts it. */
export function atStartAndEnd(lines: readonly LogLine[], { keyOf, isStart, asStart }: CallLines): readonly LogLine[] {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  const keys = lines.map(keyOf);
  keys.forEach((key, i) => {
    if (key === undefined) return;
    if (!first.has(key)) first.set(key, i);
    last.set(key, i);
  });
  return lines.flatMap((line, i) => {
    const key = keys[i];
    if (key === undefined) return [line];
    const [from, to] = [first.get(key) ?? i, last.get(key) ?? i];
    const end = lines[to] ?? line;
    const isStarted = isStart(lines[from] ?? line);
    if (i === from) return [isStarted && to > from ? { ...line, value: asStart(end) } : end];
    return i === to && isStarted && !isStart(end) ? [end] : [];
  });
}

/** What names the turn of the model that is being told. */
export function turnOf(reading: SessionReading): string {
  return `${Number(reading.memory.get('turn') ?? 0)}`;
}

/** What the model says next is another turn. */
export function endTurn(reading: SessionReading): void {
  reading.memory.set('turn', Number(reading.memory.get('turn') ?? 0) + 1);
}

/** Whether this is the first line of a call; always, where the call has no id. */
export function isNewCall(reading: SessionReading, id: string | undefined): boolean {
  if (id === undefined) return true;
  const key = `call ${id}`;
  const isNew = !reading.memory.has(key);
  reading.memory.set(key, true);
  return isNew;
}
