/** Scores per token of a person's own file: where rows belong, and that none is lost silently. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';

const message = (role: string, content: string) => ({ role, content });
const LOG = ['a', 'b']
  .map((id) => JSON.stringify({ id, messages: [message('user', 'Water the beds.'), message('assistant', `Done by ${id}.`)] }))
  .join('\n');

const RULE = { ...DEFAULT_RULE, signal: 'imported' as const };

async function imported(rows: readonly unknown[], column: string | null = null) {
  const { session } = await openSession([inputFile('log.jsonl', LOG)]);
  const text = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
  return { session, answer: session.importScores({ name: 'scores.jsonl', bytes: new TextEncoder().encode(text), column }) };
}

/** Key, tokens and reach of the sampled nodes. */
async function sampledNodes() {
  const { session } = await openSession([inputFile('log.jsonl', LOG)]);
  const [names = '', ...rows] = session.nodesCsv(session.order(DEFAULT_RULE).orderId, 0, 100).trim().split('\n');
  const cell = (row: string, name: string): string => row.split(',')[names.split(',').indexOf(name)] ?? '';
  return rows
    .filter((row) => Number(cell(row, 'signal')) > 0)
    .map((row) => ({ node: cell(row, 'node'), tokens: Number(cell(row, 'tokens')), reach: Number(cell(row, 'reach')) }));
}

describe('rows', () => {
  it('by node: a number is for each of its tokens, a list has one for each', async () => {
    const nodes = await sampledNodes();
    expect(nodes.length).toBeGreaterThan(2);
    const listOf = (tokens: number): number[] => Array.from({ length: tokens }, (_, i) => i + 1);
    const { session, answer } = await imported(nodes.map(({ node, tokens }, index) => ({ node, value: index === 0 ? 2 : listOf(tokens) })));
    expect(answer).toMatchObject({ ok: true, name: 'value', rows: nodes.length, matched: nodes.length, unmatched: 0, issues: [] });
    const { signal, totalSignal } = session.order(RULE);
    expect(signal).toMatchObject({ used: 'imported', label: 'value', coverage: 1 });
    const worth = nodes.map(({ tokens, reach }, index) => (reach / 2) * (index === 0 ? 2 * tokens : (tokens * (tokens + 1)) / 2));
    expect(totalSignal).toBeCloseTo(
      worth.reduce((all, value) => all + value, 0),
      6,
    );
  });

  it('by rollout: one at a position, or a list from there on', async () => {
    const { answer } = await imported([
      { rollout: 'a', position: 3, advantage: 1.5 },
      { rollout: 'a', position: 4, advantage: [1, null, 2] },
    ]);
    expect(answer).toMatchObject({ ok: true, name: 'advantage', rows: 2, matched: 2, tokens: 3 });
  });

  it('that belong nowhere are notes with their line', async () => {
    const { answer } = await imported([
      { rollout: 'a', position: 0, value: -1 },
      '',
      'no json',
      { rollout: 'z', position: 0, value: 1 },
      { rollout: 'a', position: 1e6, value: 1 },
      { rollout: 'a', position: 1, value: 'high' },
      { rollout: 'a', branch: 3, position: 1, value: 1 },
      { node: '0000000000000000', value: 1 },
      { value: 1 },
      { rollout: 'b', value: [1, 2] },
    ]);
    if (!answer.ok) throw new Error(answer.reason);
    expect(answer).toMatchObject({ rows: 9, matched: 1, unmatched: 8, negative: 1 });
    expect(answer.issues.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(answer.issues[0]).toMatchObject({ file: 'scores.jsonl', severity: 'note', code: 'score-unmatched' });
  });

  it('of several columns need a name', async () => {
    const row = { rollout: 'a', position: 0, one: 1, two: 2 };
    expect((await imported([row])).answer).toMatchObject({ ok: false, reason: expect.stringContaining('one, two') });
    expect((await imported([row], 'two')).answer).toMatchObject({ ok: true, name: 'two', matched: 1 });
    expect((await imported(['{}'])).answer).toMatchObject({ ok: false });
  });

  it('add up whatever the file holds', async () => {
    const { session } = await openSession([inputFile('log.jsonl', LOG)]);
    const cell = fc.oneof(fc.constant('a'), fc.constant('rollout'), fc.integer(), fc.double(), fc.constant(null), fc.array(fc.integer()));
    const row = fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.string(),
      fc
        .record({ rollout: fc.constantFrom('a', 'b', 'c'), position: cell, value: cell, node: cell }, { requiredKeys: [] })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (rows) => {
        const bytes = new TextEncoder().encode(rows.join('\n'));
        const answer = session.importScores({ name: 'x', bytes, column: 'value' });
        if (answer.ok) expect(answer.matched + answer.unmatched).toBe(answer.rows);
        expect(session.order(RULE).totalSignal).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });
});

it('stay when the log grows, matched anew, and go with it', async () => {
  const { session } = await imported(Array.from({ length: 30 }, (_, position) => ({ rollout: 'b', position, value: 3 })));
  const before = session.order(RULE);
  const more = JSON.stringify({ id: 'c', messages: [message('user', 'Water the beds.'), message('assistant', 'No.')] });
  await session.append([inputFile('more.jsonl', more)], () => undefined);
  const after = session.order(RULE);
  expect(after.signal.used).toBe('imported');
  expect(after.signal.coverage).toBeLessThan(before.signal.coverage);
  await session.open(
    [inputFile('log.jsonl', LOG)],
    { tokenizer: { kind: 'o200k_base' }, memoryTools: [], maxNodeTokens: null },
    () => undefined,
  );
  expect(session.order(RULE).signal.used).toBe('turns');
});
