import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { lasting } from '../../../src/engine/figures.ts';
import { STATISTICS } from '../../../src/engine/statistics/registry.ts';
import { buffersOf } from '../../../src/engine/transferables.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';

const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl', 'utf8'))]);
const idsOf = (view: 'tokens' | 'actions'): string[] => STATISTICS.filter(({ views }) => views.includes(view)).map(({ id }) => id);
const ids = idsOf('tokens');
const RULES: readonly PruneRule[] = [
  DEFAULT_RULE,
  { ...DEFAULT_RULE, aggregate: 'top20', gamma: 0.5, strategy: 'best-first', protect: {} },
  { ...DEFAULT_RULE, aggregate: 'mean', mode: 'rl', advantage: 'rloo', weighBy: 'trajectory', protect: { thinking: { level: 'pin' } } },
];

it('gives every figure once a node, and moves all columns', () => {
  const { orderId } = session.order(DEFAULT_RULE);
  for (const view of ['tokens', 'actions'] as const) {
    const shape = session.shape(orderId, 0, view);
    const figures = session.figures(orderId, 0, view, idsOf(view));
    expect(Object.keys(figures.columns)).toEqual(idsOf(view));
    for (const column of Object.values(figures.columns)) expect(column).toHaveLength(shape.length);
    expect(figures.packedProtection).toHaveLength(Math.ceil(shape.length / 4));
    expect(figures.rank?.length).toBe(view === 'tokens' ? shape.length : undefined);
    expect(buffersOf(figures)).toHaveLength(idsOf(view).length + (view === 'tokens' ? 3 : 1));
  }
});

it('changes no figure with the rule that is said to rest on the forest or the scores', () => {
  const [first, ...others] = RULES.map((rule) => session.figures(session.order(rule).orderId, 0, 'tokens', ids));
  expect(first?.columns['entropy']?.some((value) => !Number.isNaN(value))).toBe(true);
  for (const other of others) {
    expect(other.packedProtection).not.toEqual(first?.packedProtection);
    for (const id of lasting(ids, false)) expect(other.columns[id], id).toEqual(first?.columns[id]);
  }
  expect(lasting(ids, false)).toContain('entropy');
  expect(lasting(ids, true)).not.toContain('entropy');
});

it('refuses a figure that there is not', () => {
  const { orderId } = session.order(DEFAULT_RULE);
  expect(() => session.figures(orderId, 0, 'tokens', ['beauty'])).toThrow('expected a statistic');
});

it('moves for another rule the costs, and of each node its rank and a quarter of a byte', () => {
  const { orderId } = session.order({ ...DEFAULT_RULE, strategy: 'best-first' });
  const drawn = STATISTICS.filter(({ views, onCard }) => views.includes('tokens') && onCard === true).map(({ id }) => id);
  const figures = session.figures(
    orderId,
    0,
    'tokens',
    drawn.filter((id) => !lasting(drawn, false).includes(id)),
  );
  const { length } = session.shape(orderId, 0, 'tokens');
  const sizes = buffersOf({ ...figures, costs: null }).map(({ byteLength }) => byteLength);
  expect(sizes.sort((a, b) => a - b)).toEqual([Math.ceil(length / 4), 4 * length]);
});
