/** What every dialect holds: pieces tile any text, time grows with length alone, and calls are segments of an opened log. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FLAG, KINDS } from '../../../../src/core/model/kinds.ts';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { CallDialect, Span } from '../../../../src/formats/dialects/dialect.ts';
import { DIALECTS } from '../../../../src/formats/dialects/registry.ts';
import { dialectOf } from '../../../../src/formats/dialects/choose.ts';
import { answerParts } from '../../../../src/formats/text.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

/** kind, tool, text of each part of an answer. */
export const shown = (text: string) =>
  answerParts(text).map(({ kind, tool, text: said }) => (tool === undefined ? [kind, said] : [kind, tool, said]));

/** The sampled segments that a chat log with one such answer gives: kind and tool. */
export async function segments(answer: string): Promise<string[]> {
  const line = {
    task_id: 't',
    reward: 1,
    messages: [
      { role: 'user', content: 'Q' },
      { role: 'assistant', content: answer },
    ],
  };
  const { session, facts } = await openSession([inputFile('log.jsonl', JSON.stringify(line))]);
  expect(facts).toMatchObject({ rollouts: 1, trajectories: 1 });
  const { orderId } = session.order(DEFAULT_RULE);
  const { kind, flags, tool, tools } = session.shape(orderId, 0, 'tokens');
  const named = Array.from(kind, (each, n) => (tool[n]! < 0 ? KINDS[each]! : `${KINDS[each]} ${tools[tool[n]!]}`));
  return named.filter((_, n) => (flags[n]! & FLAG.sampled) !== 0);
}

function expectOrder(spans: readonly Span[], length: number): void {
  let at = 0;
  for (const { start, end } of spans) {
    expect(start).toBeGreaterThanOrEqual(at);
    expect(end).toBeGreaterThan(start);
    at = end;
  }
  expect(at).toBeLessThanOrEqual(length);
}

/** Pieces tile the text, each says part of its own stretch or what was read from it, and what cannot be read is in a piece of text. */
function expectTiles(dialect: CallDialect, text: string): void {
  const { pieces, unread } = dialect.answer(text);
  expect(pieces.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
  expectOrder(pieces, text.length);
  expectOrder(unread, text.length);
  for (const { kind, start, end, text: said } of pieces) {
    if (kind === 'text' || kind === 'thinking') expect(text.slice(start, end)).toContain(said);
    if (kind === 'scaffold') expect(said).toBe('');
  }
  for (const span of unread) {
    const holders = pieces.filter(({ start, end }) => start < span.end && end > span.start);
    expect(holders.map(({ kind }) => kind)).toContain('text');
  }
  expectOrder(dialect.results?.(text) ?? [], text.length);
}

/** The tests that every dialect passes. @param words its marks and what stands between them; @param example one whole call */
export function itHolds(dialect: CallDialect, words: readonly string[], example: string): void {
  const anyWord = fc.oneof(
    fc.constantFrom(...words, ...words, ' ', '\n', 'x', '"', '{', '}', '[', ']', '{"a": 1}', 'name'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );

  it('is chosen by its marks', () => {
    expect(dialectOf(example)?.id).toBe(dialect.id);
    expect(dialectOf('An answer with no marks at all, {} or [].')).toBeNull();
    expect(DIALECTS).toContain(dialect);
  });

  it('tiles any text', () => {
    fc.assert(
      fc.property(fc.array(anyWord, { maxLength: 24 }), (pieces) => {
        expectTiles(dialect, pieces.join(''));
      }),
      { numRuns: 600 },
    );
  });

  it('tiles its own calls, cut or damaged anywhere', () => {
    fc.assert(
      fc.property(fc.nat(example.length), fc.nat(example.length), anyWord, (from, to, word) => {
        expectTiles(dialect, example.slice(0, from) + word + example.slice(Math.max(from, to)));
      }),
      { numRuns: 300 },
    );
  });

  it('takes time in proportion to the length', () => {
    const hostile = [
      ...words.map((word) => word.repeat(20_000)),
      `${words.join('')}\n`.repeat(4_000),
      ' '.repeat(200_000) + words.join(''),
    ];
    const started = performance.now();
    for (const text of hostile) {
      dialectOf(text);
      const { pieces } = dialect.answer(text);
      expect(pieces.at(-1)?.end).toBe(text.length);
      dialect.results?.(text);
    }
    expect(performance.now() - started).toBeLessThan(300 * hostile.length + 3000);
  });
}
