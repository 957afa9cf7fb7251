/** What a person asks of the mix of tags, as one text: `python=50,java=25,rest=25`. */
import { isTagOf, UNKNOWN, type AxisId } from './axes.ts';

/** What cells are: the tags of one axis, or pairs of a task type and a scenario. */
export const MIX_BY = ['off', 'language', 'tasktype', 'scenario', 'tasktype/scenario'] as const;
export type MixBy = (typeof MIX_BY)[number];

export const MIX_WAYS = ['sample', 'cap', 'weight'] as const;
export type MixWay = (typeof MIX_WAYS)[number];

/** All others together, or each of the others by itself. */
const REST = 'rest';
export const EACH = 'each';

/** cell -> thousandths of a share, or of a task */
export type MixTarget = ReadonlyMap<string, number>;

const MOST = 1_000_000;
/** Numbers have at most so many decimals, so that shares are compared as whole numbers. */
const SCALE = 1000;

function axesOf(by: Exclude<MixBy, 'off'>): readonly AxisId[] {
  return by === 'tasktype/scenario' ? ['tasktype', 'scenario'] : [by];
}

/** The cell of a task. */
export function cellOf(by: Exclude<MixBy, 'off'>, tags: Readonly<Record<AxisId, string>>): string {
  return axesOf(by)
    .map((axis) => tags[axis])
    .join('/');
}

export type ReadMix = { readonly ok: true; readonly target: MixTarget } | { readonly ok: false; readonly expected: string };

/** @param way numbers of a cap are whole; those of a mix are shares, whatever they add up to */
export function readMix(text: string, by: Exclude<MixBy, 'off'>, way: MixWay): ReadMix {
  const example =
    by === 'language' ? 'python=50,java=25,rest=25' : by === 'scenario' ? 'database-systems=20,rest=80' : 'bug-fixing=50,rest=50';
  const refuse = (expected: string): ReadMix => ({ ok: false, expected });
  const target = new Map<string, number>();
  for (const part of text.split(',')) {
    const [cell = '', number, ...more] = part.trim().split('=');
    if (number === undefined || more.length > 0) return refuse(`TAG=NUMBER,… such as ${example}`);
    const axes = axesOf(by);
    const tags = cell.split('/');
    const isCell = tags.length === axes.length && axes.every((axis, at) => tags[at] === UNKNOWN || isTagOf(axis, tags[at]));
    if (!isCell && cell !== REST && cell !== EACH)
      return refuse(
        `${axes.length > 1 ? 'TASKTYPE/SCENARIO' : `a tag of ${by}`}, ${UNKNOWN}, ${REST} or ${EACH} before each = (docs/axes.md)`,
      );
    if (target.has(cell)) return refuse(`each tag once, found ${cell} twice`);
    const scaled = /^\d{1,7}(?:\.\d{1,3})?$/.test(number) ? Math.round(Number(number) * SCALE) : Number.NaN;
    if (!(scaled <= MOST * SCALE)) return refuse(`numbers from 0 to ${MOST} with at most three decimals`);
    if (way === 'cap' && scaled % SCALE !== 0) return refuse('whole numbers of tasks');
    target.set(cell, scaled);
  }
  if (target.has(REST) && target.has(EACH)) return refuse(`${REST} or ${EACH}, not both`);
  if (way !== 'cap' && [...target.values()].every((share) => share === 0)) return refuse('a share above 0');
  return { ok: true, target };
}

/** The pool that a cell is counted in, and what is asked of it; null: nothing is. */
export function poolOf(target: MixTarget, cell: string): { readonly pool: string; readonly asked: number } | null {
  const own = target.get(cell);
  if (own !== undefined && cell !== REST && cell !== EACH) return { pool: cell, asked: own };
  const rest = target.get(REST);
  if (rest !== undefined) return { pool: REST, asked: rest };
  const each = target.get(EACH);
  return each === undefined ? null : { pool: cell, asked: each };
}

/** Tasks, as a cap asks for them. */
export function capOf(asked: number): number {
  return asked / SCALE;
}
