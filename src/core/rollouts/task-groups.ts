/** Rows of a table grouped by task, each group under a row of its own. */

/** Rows of groups are written as −1 − task, beside rollouts. */
function groupRow(task: number): number {
  return -1 - task;
}

/** The task of a row of a group; null for a rollout. */
export function taskOfRow(row: number): number | null {
  return row < 0 ? -1 - row : null;
}

/**
 * Tasks in the order in which the rows first show them, and within each its rows in their order. O(rows + tasks).
 * @param task rollout -> task. @param isClosed whether a group shows its own row only
 */
export function groupByTask(
  rows: Int32Array<ArrayBuffer>,
  task: Int32Array,
  tasks: number,
  isClosed: (task: number) => boolean,
): Int32Array<ArrayBuffer> {
  const counts = new Int32Array(tasks);
  for (let i = 0; i < rows.length; i++) counts[task[rows[i]]]++;
  const closed = Uint8Array.from(counts, (count, t) => (count > 0 && isClosed(t) ? 1 : 0));
  const next = new Int32Array(tasks).fill(-1);
  let length = 0;
  for (let i = 0; i < rows.length; i++) {
    const t = task[rows[i]];
    if (next[t] >= 0) continue;
    next[t] = length + 1;
    length += 1 + (closed[t] === 1 ? 0 : counts[t]);
  }
  const out = new Int32Array(length);
  for (let t = 0; t < tasks; t++) if (next[t] > 0) out[next[t] - 1] = groupRow(t);
  for (let i = 0; i < rows.length; i++) {
    const t = task[rows[i]];
    if (closed[t] === 0) out[next[t]++] = rows[i];
  }
  return out;
}

/** task -> its first entry of `rows`, tasks + 1 entries; and the rows of each task, in their order. O(rows + tasks). */
export interface TaskRows {
  readonly start: Int32Array;
  readonly rows: Int32Array;
}

export function rowsByTask(rows: Int32Array, task: Int32Array, tasks: number): TaskRows {
  const start = new Int32Array(tasks + 1);
  for (let i = 0; i < rows.length; i++) start[task[rows[i]] + 1]++;
  for (let t = 0; t < tasks; t++) start[t + 1] += start[t];
  const next = start.slice(0, tasks);
  const out = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[next[task[rows[i]]]++] = rows[i];
  return { start, rows: out };
}
