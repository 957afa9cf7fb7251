import { describe, expect, it } from 'vitest';
import type { CallDialect } from '../../../../src/formats/dialects/dialect.ts';
import { DIALECTS } from '../../../../src/formats/dialects/registry.ts';
import { dialectOf } from '../../../../src/formats/dialects/choose.ts';
import { answerParts } from '../../../../src/formats/text.ts';
import type { Complaint } from '../../../../src/formats/format.ts';

it('has ids that differ, sources, and relations that name members and go one way', () => {
  const ids = DIALECTS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, source, beats } of DIALECTS) {
    expect(source).toMatch(/^https:\/\//);
    for (const beaten of beats) {
      expect(ids).toContain(beaten);
      expect(DIALECTS.find((other) => other.id === beaten)?.beats).not.toContain(id);
    }
  }
});

describe('dialectOf', () => {
  const named = (id: string, mark: string, beats: readonly string[] = []): CallDialect => ({
    id,
    label: id,
    source: '',
    beats,
    detects: (text) => text.includes(mark),
    answer: () => ({ pieces: [], unread: [] }),
  });

  it('lets a relation decide, whatever the order', () => {
    const [a, b, c] = [named('a', '<'), named('b', '<b', ['a']), named('c', '<bc', ['a', 'b'])];
    for (const list of [
      [a, b, c],
      [c, b, a],
      [b, c, a],
    ]) {
      expect(dialectOf('<', list)).toBe(a);
      expect(dialectOf('<b', list)).toBe(b);
      expect(dialectOf('<bc', list)).toBe(c);
      expect(dialectOf('', list)).toBeNull();
    }
  });
});

it('notes calls that stay text', () => {
  const notes: Complaint[] = [];
  const text = 'So [TOOL_CALLS] is a mark, [TOOL_CALLS] twice.';
  expect(answerParts(text, notes)).toEqual([{ kind: 'text', text }]);
  expect(notes).toEqual([{ code: 'call-text', expected: 'calls that can be read', found: '2 kept as text' }]);
});
