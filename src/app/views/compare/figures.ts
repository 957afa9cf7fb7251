/** The figures of a budget that two settings are compared by. */
import type { KeepAnswer } from '../../../engine/answers/pruning.ts';
import { count, exact, honestPercent, signed, times } from '../../text/format.ts';

interface Compared {
  /** As the table of counters has it. */
  readonly name: string;
  readonly of: (keep: KeepAnswer) => number;
  readonly text: (value: number) => string;
  /** B minus A. */
  readonly delta: (by: number) => string;
}

const THIN = '\u202f';
/** Percentage points. */
const points = (by: number): string => (by === 0 ? '±0' : Number.isFinite(by) ? `${signed(by * 100, 1)}${THIN}pp` : '');
const more = (by: number): string => (Number.isFinite(by) ? `${by < 0 ? '−' : by > 0 ? '+' : '±'}${exact(Math.abs(by))}` : '');
const counted = (name: string, of: Compared['of']): Compared => ({ name, of, text: count, delta: more });
const shared = (name: string, of: Compared['of']): Compared => ({ name, of, text: honestPercent, delta: points });

export const COMPARED: readonly Compared[] = [
  shared('signal retained', ({ signal }) => (signal.total > 0 ? signal.kept / signal.total : Number.NaN)),
  shared('of the best possible', ({ signal }) => (signal.bound > 0 ? Math.min(1, signal.kept / signal.bound) : Number.NaN)),
  counted('distinct tokens', ({ distinct }) => distinct.after),
  counted('flat tokens', ({ flat }) => flat.after),
  shared('loss signal retained', ({ signal, lossSignal }) => (signal.total > 0 ? lossSignal / signal.total : Number.NaN)),
  counted('tokens with loss', ({ training }) => training.after),
  counted('rollouts touched', ({ rollouts }) => rollouts.touched),
  counted('tool calls kept', ({ calls }) => calls.after),
  counted('memory events kept', ({ memory }) => memory.after),
  {
    name: 'flat ÷ distinct tokens',
    of: ({ flat, distinct }) => (distinct.after > 0 ? flat.after / distinct.after : Number.NaN),
    text: times,
    delta: (by) => (by === 0 ? '±0' : Number.isFinite(by) ? `${signed(by, 1)}×` : ''),
  },
  counted('rollouts whole', ({ rollouts }) => rollouts.whole),
  counted('tasks without an ending', ({ tasks }) => tasks.withoutEndings),
  counted('final turns kept', ({ finals }) => finals.after),
  counted('errors kept', ({ errors }) => errors.after),
  counted('branches', ({ branches }) => branches.after),
  counted('nodes', ({ nodes }) => nodes.after),
];

/** Of the counter whose name begins so: a table may say more of it behind. */
export function deltaOf(by: ReadonlyMap<string, string>, name: string): string {
  for (const [counter, delta] of by) {
    const rest = name.startsWith(counter) ? name.slice(counter.length) : null;
    if (rest !== null && /^(?:$|:| [·(])/.test(rest)) return delta;
  }
  return '';
}

/** Name of a counter -> what B has more than A. */
export function deltas(a: KeepAnswer, b: KeepAnswer): ReadonlyMap<string, string> {
  return new Map(COMPARED.map(({ name, of, delta }) => [name, delta(of(b) - of(a))]));
}
