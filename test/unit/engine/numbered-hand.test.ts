/** Forest exports that were made before nodes had keys: their choices by hand name rows. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import type { HandProtection } from '../../../src/core/model/protection.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';

const BUDGET = { cut: 0.5, train: 1 };
let exported: string;
let numbered: string;
let hand: readonly HandProtection[];

beforeAll(async () => {
  const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl', 'utf8'))]);
  const tasks = session.tasks().length;
  const { orderId } = session.order(DEFAULT_RULE);
  const last = session.shape(orderId, tasks - 1, 'tokens');
  const rows = session.facts().nodes;
  hand = [
    { key: nodeKeyOf(session.shape(orderId, 0, 'tokens').keys, 3), protection: { level: 'pin' } },
    { key: nodeKeyOf(last.keys, last.length - 2), protection: { level: 'favour', factor: 3 } },
  ];
  const sink = memorySink();
  const rule = { ...DEFAULT_RULE, hand };
  await session.export(session.order(rule).orderId, BUDGET, exportSpec('forest'), sink, () => undefined);
  exported = sink.files.get('forest.jsonl') ?? '';
  const byRow = [
    { node: 3, protection: { level: 'pin' } },
    { node: rows - 2, protection: { level: 'favour', factor: 3 } },
  ];
  // Older versions had no checksum.
  numbered = exported
    .replaceAll(JSON.stringify(hand), JSON.stringify(byRow))
    .replaceAll('{"espalier_forest":4,', '{"espalier_forest":3,')
    .replaceAll(/,"sha256":"\w+"\}$/gm, '}');
});

describe('a forest export with choices by hand', () => {
  it('names nodes by key, and brings them back', async () => {
    expect(exported).toContain(JSON.stringify(hand));
    const { facts } = await openSession([inputFile('forest.jsonl', exported)]);
    expect(facts.restored?.rule.hand).toEqual(hand);
    expect(facts.notes).toBe(0);
  });

  it('of an older version gives the same keys, where its rows are those of the forest that is read', async () => {
    expect(numbered).not.toBe(exported);
    const { facts, session } = await openSession([inputFile('forest.jsonl', numbered)]);
    expect(facts.restored?.rule.hand).toEqual(hand);
    expect(session.order(facts.restored!.rule).handElsewhere).toBe(0);
    expect(facts.notes).toBe(0);
  });

  it('of an older version says how many choices are left out, where other files came with it', async () => {
    const chat = JSON.stringify({
      messages: [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'two' },
      ],
    });
    const { facts, session } = await openSession([inputFile('forest.jsonl', numbered), inputFile('chat.jsonl', chat)]);
    expect(facts.restored?.rule.hand).toEqual([]);
    expect(facts.notes).toBe(1);
    expect(session.issues(0, 10).issues).toContainEqual(
      expect.objectContaining({
        code: 'numbered-hand-protection',
        file: 'forest.jsonl',
        found: expect.stringContaining('2 of 2') as string,
      }),
    );
  });
});
