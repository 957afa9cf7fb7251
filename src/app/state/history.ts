/** Undo and redo over immutable values: a past, a present, a future, and a drag that becomes one step. */

export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** The value before a drag that has not been committed. */
  readonly before: T | null;
}

/** Steps kept; the oldest leaves first. */
const LIMIT = 200;

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [], before: null };
}

/** One step. Ends a drag that is under way. */
export function edit<T>(history: History<T>, next: T): History<T> {
  return { past: [...history.past, history.before ?? history.present].slice(-LIMIT), present: next, future: [], before: null };
}

/** A tick of a drag: changes the present and remembers where the drag began. */
export function preview<T>(history: History<T>, next: T): History<T> {
  return { ...history, present: next, before: history.before ?? history.present };
}

/** Makes the drag one step; nothing where none is under way. */
export function commit<T>(history: History<T>): History<T> {
  return history.before === null ? history : edit(history, history.present);
}

export function undo<T>(history: History<T>): History<T> {
  const settled = commit(history);
  const last = settled.past.at(-1);
  if (last === undefined) return settled;
  return { past: settled.past.slice(0, -1), present: last, future: [settled.present, ...settled.future], before: null };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...rest] = history.future;
  if (next === undefined || history.before !== null) return history;
  return { past: [...history.past, history.present], present: next, future: rest, before: null };
}
