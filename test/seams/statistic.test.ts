/** A statistic of nodes is a file and a line: a toy one, put into the list, is a figure, a colour and a column of the CSV. */
import { expect, it, vi } from 'vitest';
import { coloursOf } from '../../src/app/state/looks.ts';
import { readHash } from '../../src/app/state/url.ts';
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import type { NodeStatistic } from '../../src/engine/statistics/statistic.ts';
import { inputFile, openSession } from '../helpers/openSession.ts';

vi.mock('../../src/engine/statistics/registry.ts', async (original) => {
  const { STATISTICS } = await original<typeof import('../../src/engine/statistics/registry.ts')>();
  const sampledShare: NodeStatistic = {
    id: 'sampled-share',
    label: 'sampled share',
    unit: '',
    help: 'Share of the trajectories through the node for which the policy wrote it.',
    views: ['tokens'],
    restsOn: 'forest',
    format: 'decimal',
    scale: { kind: 'ranks' },
    onCard: true,
    inInspector: 'more',
    column({ dataset }, view, first, end) {
      const { sampledCount, reachCount } = dataset[view].forest;
      return Float32Array.from({ length: end - first }, (_, i) => (sampledCount[first + i] ?? 0) / (reachCount[first + i] ?? 1));
    },
  };
  return { STATISTICS: [...STATISTICS, sampledShare] };
});

const RECORD = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n';

it('is a colour of the trees that have it, also in an address', () => {
  expect(coloursOf('tokens').map(({ value }) => value)).toContain('sampled-share');
  expect(coloursOf('actions').map(({ value }) => value)).not.toContain('sampled-share');
  expect(readHash('#colour=sampled-share').colour).toBe('sampled-share');
});

it('is answered by name, and is in the CSV of nodes', async () => {
  const { session } = await openSession([inputFile('a.jsonl', RECORD)]);
  const { orderId } = session.order(DEFAULT_RULE);
  const { columns } = session.figures(orderId, 0, 'tokens', ['sampled-share']);
  const column = Array.from(columns['sampled-share'] ?? []);
  expect(column.length).toBeGreaterThan(2);
  expect(new Set(column)).toEqual(new Set([0, 1]));
  const [head, ...lines] = session.nodesCsv(orderId, 0, 100).trim().split('\r\n');
  const at = head!.split(',').indexOf('sampled-share');
  expect(lines.map((line) => Number(line.split(',')[at]))).toEqual(column);
});

it('is named where somebody asks for a statistic that is not there', async () => {
  const { session } = await openSession([inputFile('a.jsonl', RECORD)]);
  const { orderId } = session.order(DEFAULT_RULE);
  expect(() => session.figures(orderId, 0, 'tokens', ['no-such'])).toThrow('sampled-share');
});
