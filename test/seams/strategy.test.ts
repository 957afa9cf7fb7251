/** A strategy is a file and a line: a toy one, put into the list, is in the help, in the panel, in the comparison, and prunes. */
import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { PRUNE_HELP } from '../../src/cli/commands/prune.ts';
import { pruneRule } from '../../src/cli/rule-flags.ts';
import { DEFAULT_RULE, type PruneRule } from '../../src/core/model/rule.ts';
import type { PruneStrategy } from '../../src/core/prune/strategy.ts';
import { RULE_FIELDS } from '../../src/core/rule/fields.ts';
import { inputFile, openSession } from '../helpers/openSession.ts';

vi.mock('../../src/core/prune/strategies.ts', async (original) => {
  const { STRATEGIES } = await original<typeof import('../../src/core/prune/strategies.ts')>();
  const { longestFirst, pathOrder } = await import('../../src/core/prune/path-order.ts');
  const shortestPath: PruneStrategy = {
    id: 'shortest-path',
    label: 'shortest path',
    help: 'Toy: whole branches, the shortest first.',
    isBaseline: true,
    order: ({ problem, units }) => pathOrder(problem, units, longestFirst(problem).toReversed()),
  };
  return { STRATEGIES: [...STRATEGIES, shortestPath] };
});

const RULE = { ...DEFAULT_RULE, strategy: 'shortest-path' } as unknown as PruneRule;

it('is in the help of the CLI, and taken as a flag', () => {
  expect(PRUNE_HELP).toContain('shortest-path');
  expect(pruneRule({ strategy: 'shortest-path' })).toMatchObject({ strategy: 'shortest-path' });
  expect(() => pruneRule({ strategy: 'shortest' })).toThrow('shortest-path');
});

it('is a choice of the panel with its sentence', () => {
  const values: readonly { readonly id: string; readonly help: string }[] = RULE_FIELDS.strategy.values;
  expect(values.at(-1)).toMatchObject({ id: 'shortest-path', help: 'Toy: whole branches, the shortest first.' });
});

it('prunes, and is compared with the others', async () => {
  const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl'))]);
  const mine = session.order(RULE);
  const kept = session.keep(mine.orderId, { cut: 0.3, train: 1 });
  expect(kept.cost.kept / kept.cost.total).toBeGreaterThan(0.25);
  expect(kept.cost.kept / kept.cost.total).toBeLessThanOrEqual(0.3);
  const longest = session.order({ ...DEFAULT_RULE, strategy: 'longest-path' });
  const whole = (orderId: number): number => session.keep(orderId, { cut: 0.3, train: 1 }).rollouts.whole;
  expect(whole(mine.orderId)).toBeGreaterThan(whole(longest.orderId));
  const { curves } = await session.compare(session.order(DEFAULT_RULE).orderId);
  expect(curves.map(({ strategy }): string => strategy)).toContain('shortest-path');
});
