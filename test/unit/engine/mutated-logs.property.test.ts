/** Logs of every format with bytes, lines and values changed at random: nothing crashes, records add up, exports hold. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model.ts';
import { DEFAULT_EXPORT } from '../../../src/engine/answers.ts';
import { inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const ROOT = 'test/fixtures';
const FIXTURES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:jsonl?|traj)$/.test(name) && !name.includes('.expected.') && !name.startsWith('tiny-lm') && statSync(join(ROOT, name)).size < 40_000)
  .sort()
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));

/** What stands where a value stood. */
const ODD = ['null', '""', '[]', '{}', '-1', 'NaN', '1e999', 'true', '"x"', '12345678901234567890', '[[]]', '{"role":"user"}', '"\\ud83d"', '[null]'];
const VALUE = /(?<=:\s*)(?:"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null|\[\]|\{\})/g;

type Change =
  | { readonly kind: 'value'; readonly at: number; readonly with: number }
  | { readonly kind: 'key'; readonly at: number }
  | { readonly kind: 'cut' | 'line' | 'drop' | 'byte'; readonly at: number };

const at = fc.nat(100_000);
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('value' as const), at, with: fc.nat(ODD.length - 1) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('key' as const), at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('cut' as const, 'line' as const, 'drop' as const, 'byte' as const), at }) },
);

/** `text` with the `at`-th match replaced, counted around. */
function replaceOne(text: string, pattern: RegExp, index: number, replacement: string): string {
  const found = [...text.matchAll(pattern)];
  const match = found[index % Math.max(1, found.length)];
  return match === undefined ? text : text.slice(0, match.index) + replacement + text.slice(match.index + match[0].length);
}

function apply(text: string, one: Change): string {
  const lines = text.split('\n');
  const line = one.at % lines.length;
  switch (one.kind) {
    case 'value': return replaceOne(text, VALUE, one.at, ODD[one.with] ?? 'null');
    case 'key': return replaceOne(text, /"\w+"(?=\s*:)/g, one.at, `"key${one.at % 7}"`);
    case 'cut': return text.slice(0, one.at % (text.length + 1));
    case 'line': return lines.toSpliced(line, 0, lines[(line * 7) % lines.length] ?? '').join('\r\n');
    case 'drop': return lines.toSpliced(line, 1).join('\n');
    case 'byte': return `${text.slice(0, one.at % text.length)}\u0001${text.slice((one.at % text.length) + 1)}`;
  }
}

it('opens and exports whatever became of a log', { timeout: 60_000 }, async () => {
  expect(FIXTURES.length).toBeGreaterThan(10);
  const runs = Number(process.env['ESPALIER_FUZZ_RUNS'] ?? 60);
  await fc.assert(fc.asyncProperty(fc.constantFrom(...FIXTURES), fc.array(change, { minLength: 1, maxLength: 4 }), async ({ name, text }, changes) => {
    const { session, facts } = await openSession([inputFile(name, changes.reduce(apply, text))]);
    for (const input of facts.inputs) expect(input.rollouts + input.issueCount).toBe(input.records);
    if (facts.rollouts === 0) return;
    const { orderId } = session.order(DEFAULT_RULE);
    const sink = memorySink();
    await session.export(orderId, { cut: 0.5, train: 1 }, { ...DEFAULT_EXPORT, formats: ['messages', 'tokens', 'forest'] }, sink, () => undefined);
    for (const record of linesOf(sink.files.get('tokens.jsonl')) as unknown as { input_ids: number[]; loss_mask: number[]; weight: number[] }[]) {
      expect([record.loss_mask.length, record.weight.length]).toEqual([record.input_ids.length, record.input_ids.length]);
    }
    for (const { messages } of linesOf(sink.files.get('messages.jsonl')) as unknown as { messages: { role: string; content: unknown }[] }[]) {
      for (const { role, content } of messages) expect([typeof content, ['system', 'user', 'assistant', 'tool'].includes(role)]).toEqual(['string', true]);
    }
    const forest = sink.files.get('forest.jsonl') ?? '';
    const again = await openSession([inputFile('forest.jsonl', forest)]);
    expect(again.facts).toMatchObject({ issues: 0, trajectories: facts.trajectories, tokens: { flat: facts.tokens.flat, distinct: facts.tokens.distinct } });
  }), { numRuns: runs });
});
