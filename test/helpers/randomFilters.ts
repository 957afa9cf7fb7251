/** Random filters over a small log, and what a filter means, said slowly: one rollout and one term at a time. */
import fc from 'fast-check';
import type { Filter, Term } from '../../src/core/filter/filter.ts';
import type { RolloutColumn, RolloutColumns } from '../../src/core/rollouts/columns.ts';

/** One rollout as the log would say it; null and empty: unknown. */
export interface PlainRollout {
  readonly task: string;
  readonly status: string | null;
  readonly reward: number | null;
  readonly turns: number;
  readonly errors: number;
  readonly tools: readonly string[];
  readonly text: string;
}

const WORD = fc.constantFrom('a', 'B', 'ab', 'aB', 'b a', 'x*y', 'é', 'say "hi"', 'C:\\new', '(ok)', 'or', 'error', '-5', '/x', '');
const NAMES = ['task', 'status', 'reward', 'turns', 'errors', 'tool'] as const;

export const plainRollout: fc.Arbitrary<PlainRollout> = fc.record({
  task: fc.constantFrom('alpha', 'Beta-1', 'b a'),
  status: fc.option(WORD.filter((word) => word !== '')),
  reward: fc.option(fc.constantFrom(-1, 0, 0.5, 1)),
  turns: fc.integer({ min: 0, max: 4 }),
  errors: fc.integer({ min: 0, max: 2 }),
  tools: fc.uniqueArray(WORD, { maxLength: 3 }),
  text: fc.array(WORD, { maxLength: 4 }).map((words) => words.join(' ')),
});

const at = { from: 0, to: 0 };
const pieces = fc.array(WORD, { minLength: 1, maxLength: 3 });

/** Terms as the parser can make them: of any name where `isTyped` is false, else such as fit the columns. */
const term = (isTyped: boolean): fc.Arbitrary<Term> => {
  const text = isTyped ? fc.constantFrom('task', 'status', 'tool') : fc.constantFrom(...NAMES, 'field.x', 'field.a b', 'field."');
  const number = isTyped ? fc.constantFrom('reward', 'turns', 'errors') : text;
  const value = fc.constantFrom(-1, 0, 0.5, 1, 2, 1e21);
  const op = fc.constantFrom(':', '=', '!=');
  return fc.oneof(
    fc.record({ kind: fc.constant('compare'), name: number, op: fc.constantFrom('<', '<=', '>', '>='), number: value, ...fixed }),
    fc.record({ kind: fc.constant('is'), name: text, op, pieces, ...fixed }),
    fc.record({
      kind: fc.constant('is'),
      name: number,
      op,
      pieces: fc.constantFrom(['0..1'], ['1..'], ['..0'], ['0.5'], ['', '']),
      ...fixed,
    }),
    fc.record({ kind: fc.constant('flag'), flag: fc.constantFrom('error', 'solved', 'failed', 'rewarded'), ...fixed }),
    fc.record({ kind: fc.constant('words'), text: WORD.filter((word) => word !== ''), ...fixed }),
    fc.record({
      kind: fc.constant('expression'),
      source: fc.constantFrom('a+b?', '[/]x', 'B', 'h\\w'),
      flags: fc.constantFrom('', 'i', 'im'),
      ...fixed,
    }),
  ) as fc.Arbitrary<Term>;
};
const fixed = { from: fc.constant(at.from), to: fc.constant(at.to) };

export const filterOf = (isTyped: boolean): fc.Arbitrary<Filter> =>
  fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      term(isTyped),
      fc.record({ kind: fc.constant('not' as const), of: tie('filter') }),
      fc.record({ kind: fc.constant('and' as const), of: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }) }),
      fc.record({ kind: fc.constant('or' as const), of: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }) }),
    ),
  })).filter;

/** Without the places of its terms. */
export function placeless(filter: Filter): unknown {
  return JSON.parse(JSON.stringify(filter, (key, value: unknown) => (key === 'from' || key === 'to' ? undefined : value)));
}

const common = (id: string) => ({ id, label: id, help: id });

export function columnsOf(rollouts: readonly PlainRollout[]): RolloutColumns {
  const number = (id: string, of: (rollout: PlainRollout) => number | null): RolloutColumn => ({
    ...common(id),
    type: 'number',
    unit: null,
    values: Float64Array.from(rollouts, (rollout) => of(rollout) ?? NaN),
  });
  const text = (id: string, of: (rollout: PlainRollout) => string | null): RolloutColumn => {
    const words = [...new Set(rollouts.map(of))].filter((word) => word !== null);
    return { ...common(id), type: 'text', words, codes: Int32Array.from(rollouts, (rollout) => words.indexOf(of(rollout) ?? '\0')) };
  };
  const words = [...new Set(rollouts.flatMap(({ tools }) => tools))];
  const start = Int32Array.from([0, ...rollouts.map((_, r) => rollouts.slice(0, r + 1).reduce((sum, { tools }) => sum + tools.length, 0))]);
  const items = Int32Array.from(rollouts.flatMap(({ tools }) => tools.map((tool) => words.indexOf(tool))));
  return {
    length: rollouts.length,
    columns: [
      text('task', ({ task }) => task),
      text('status', ({ status }) => status),
      number('reward', ({ reward }) => reward),
      number('turns', ({ turns }) => turns),
      number('errors', ({ errors }) => errors),
      { ...common('tool'), type: 'set', start, items, words },
    ],
  };
}

/** What docs/filter.md says, word by word. */
export function takes(filter: Filter, rollout: PlainRollout): boolean {
  if (filter.kind === 'all') return true;
  if (filter.kind === 'not') return !takes(filter.of, rollout);
  if (filter.kind === 'and') return filter.of.every((part) => takes(part, rollout));
  if (filter.kind === 'or') return filter.of.some((part) => takes(part, rollout));
  if (filter.kind === 'words') return holds(filter.text, rollout.text) || holds(filter.text, rollout.task);
  if (filter.kind === 'expression') return new RegExp(filter.source, filter.flags).test(rollout.text);
  if (filter.kind === 'flag') {
    if (filter.flag === 'error') return rollout.errors > 0;
    if (rollout.reward === null) return false;
    return filter.flag === 'rewarded' || rollout.reward > 0 === (filter.flag === 'solved');
  }
  const { reward, turns, errors } = rollout;
  const number: unknown = { reward, turns, errors }[filter.name];
  if (filter.kind === 'compare') {
    if (typeof number !== 'number') return false;
    const order = Math.sign(number - filter.number);
    return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[filter.op];
  }
  if (typeof number === 'number') return inRange(filter.pieces, number) !== (filter.op === '!=');
  const known = { task: [rollout.task], status: rollout.status === null ? [] : [rollout.status], tool: rollout.tools }[filter.name] ?? [];
  return known.length > 0 && known.some((word) => isLike(filter.pieces, word)) !== (filter.op === '!=');
}

function holds(words: string, text: string): boolean {
  return words === words.toLowerCase() ? text.toLowerCase().includes(words) : text.includes(words);
}

function inRange(pieces: readonly string[], value: number): boolean {
  if (pieces.length === 2) return true;
  const [low = '', high = low] = (pieces[0] ?? '').split('..');
  return (low === '' || value >= Number(low)) && (high === '' || value <= Number(high));
}

function isLike(pieces: readonly string[], word: string): boolean {
  const isExact = pieces.some((piece) => piece !== piece.toLowerCase());
  return isExact ? fits(pieces, word) : fits(pieces, word.toLowerCase());
}

/** The first piece stands at the beginning, and the others behind any text, somehow. */
function fits([first = '', ...rest]: readonly string[], word: string): boolean {
  if (!word.startsWith(first)) return false;
  const left = word.slice(first.length);
  return rest.length === 0 ? left === '' : Array.from({ length: left.length + 1 }, (_, i) => i).some((i) => fits(rest, left.slice(i)));
}
