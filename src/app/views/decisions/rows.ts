/** The rows of the tree of decisions: what is open of it, in the order in which it stands on the screen. */
import type { NodeKey } from '../../../core/model/node-key.ts';
import type { DecisionStep, DecisionWay, ForkAnswer } from '../../../engine/answers/decisions.ts';

/** What opens and closes: a way, or the run of steps in it. */
export type Toggle = string;

interface Placed {
  /** Unique in the tree. */
  readonly id: string;
  /** From 1 on. */
  readonly level: number;
  /** Row above it in the tree, -1 at the root. */
  readonly parent: number;
  /** Its place among its siblings, from 1 on, and how many they are. */
  readonly place: number;
  readonly siblings: number;
}

export interface WayRow extends Placed {
  readonly type: 'way';
  readonly way: DecisionWay;
  /** Rollouts at the fork that it belongs to. */
  readonly of: number;
  /** Null: nothing comes after it. */
  readonly isOpen: boolean | null;
  /** What is known of the fork that it leads to. */
  readonly fork: ForkAnswer | null | undefined;
  /** Of its own fork, the most frequent way that is another; null: there is none. */
  readonly rival: DecisionWay | null;
}

export interface RunRow extends Placed {
  readonly type: 'run';
  readonly way: DecisionWay;
  readonly isOpen: boolean;
}

export interface StepRow extends Placed {
  readonly type: 'step';
  readonly step: DecisionStep;
}

/** A sentence: steps that are not named, or a fork that is on its way. */
export interface NoteRow extends Placed {
  readonly type: 'note';
  readonly note: string;
}

/** Ways that are not shown. */
export interface OthersRow extends Placed {
  readonly type: 'others';
  readonly fork: ForkAnswer;
}

export type DecisionRow = WayRow | RunRow | StepRow | NoteRow | OthersRow;

/** All rollouts of the task: the root. */
export const ROOT = 'root';

function wayId(way: DecisionWay, fork: NodeKey | null): string {
  return way.step?.key ?? `end ${fork ?? ''}`;
}

function runId(id: string): Toggle {
  return `run ${id}`;
}

/** How a fork is called among answers. */
export function forkName(key: NodeKey | null): string {
  return key ?? ROOT;
}

/** By `forkName`. undefined: not here yet; null: nobody parts there. */
export type Forks = (key: NodeKey | null) => ForkAnswer | null | undefined;

/** The rows, and the forks that they need. @param open toggles that are open */
export function decisionRows(
  root: DecisionWay,
  forks: Forks,
  open: ReadonlySet<Toggle>,
): { readonly rows: readonly DecisionRow[]; readonly asked: readonly (NodeKey | null)[] } {
  const rows: DecisionRow[] = [];
  const asked: (NodeKey | null)[] = [];
  // What is still to be placed, the next one last: there is no recursion over what a log may nest.
  const pending: (() => void)[] = [];
  const place = (row: DecisionRow): number => rows.push(row) - 1;

  const placeRun = (way: DecisionWay, id: string, at: Omit<Placed, 'id'>): void => {
    const isOpen = open.has(runId(id));
    const parent = place({ type: 'run', id: runId(id), ...at, way, isOpen });
    if (!isOpen) return;
    const rest = way.runLength - way.run.length;
    const siblings = way.run.length + (rest > 0 ? 1 : 0);
    const level = at.level + 1;
    for (const [index, step] of way.run.entries()) place({ type: 'step', id: step.key, level, parent, place: index + 1, siblings, step });
    const note = `${rest} further steps, which all of them take`;
    if (rest > 0) place({ type: 'note', id: `rest ${id}`, level, parent, place: siblings, siblings, note });
  };

  const placeWay = (way: DecisionWay, id: string, at: Omit<Placed, 'id'>, own: ForkAnswer | null): void => {
    const hasMore = way.runLength > 0 || way.ways > 0;
    const isOpen = hasMore ? open.has(id) : null;
    const fork = way.ways > 0 ? forks(way.fork) : null;
    const parent = place({ type: 'way', id, ...at, way, of: own?.all.rollouts ?? way.rollouts, isOpen, fork, rival: rivalOf(way, own) });
    if (isOpen !== true) return;
    if (way.ways > 0) asked.push(way.fork);
    const level = at.level + 1;
    const before = way.runLength > 0 ? 1 : 0;
    const siblings = before + (way.ways === 0 ? 0 : fork ? fork.ways.length + (fork.others === null ? 0 : 1) : 1);
    const below: (() => void)[] = [];
    if (before > 0) below.push(() => placeRun(way, id, { level, parent, place: 1, siblings }));
    if (fork) {
      for (const [index, next] of fork.ways.entries())
        below.push(() => placeWay(next, wayId(next, fork.key), { level, parent, place: before + index + 1, siblings }, fork));
      if (fork.others !== null)
        below.push(() => place({ type: 'others', id: `others ${id}`, level, parent, place: siblings, siblings, fork }));
    } else if (way.ways > 0) {
      const note = 'looking where they part…';
      below.push(() => place({ type: 'note', id: `wait ${id}`, level, parent, place: siblings, siblings, note }));
    }
    pending.push(...below.toReversed());
  };

  placeWay(root, ROOT, { level: 1, parent: -1, place: 1, siblings: 1 }, null);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) next();
  return { rows, asked };
}

/**
 * The row that is active: of a step in a closed run, the way that it is in; of a note or a list that has given way to what it stood for,
 * the row in its place.
 * @param active id of a row, or the key of a step
 */
export function activeRow(rows: readonly DecisionRow[], active: string): string {
  if (rows.some(({ id }) => id === active)) return active;
  const gone = /^(wait|others) (.*)$/s.exec(active);
  if (gone) {
    const parent = rows.findIndex(({ id }) => id === gone[2]);
    const isBelow = (row: DecisionRow): boolean => row.parent === parent;
    return (gone[1] === 'wait' ? rows.find(isBelow) : rows.findLast(isBelow))?.id ?? rows[parent]?.id ?? ROOT;
  }
  return rows.find((row) => row.type === 'way' && row.way.run.some(({ key }) => key === active))?.id ?? ROOT;
}

function rivalOf(way: DecisionWay, fork: ForkAnswer | null): DecisionWay | null {
  return fork?.ways.find((other) => other !== way) ?? null;
}
