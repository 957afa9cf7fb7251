/** The rows and blocks of long transcripts, beside the plain way of finding them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KIND, KINDS } from '../../../src/core/model/kinds.ts';
import { CHUNK, PART, type Transcript } from '../../../src/engine/answers/transcript.ts';
import { blocksOf, MOST_BLOCKS } from '../../../src/app/views/transcript/blocks.ts';
import { waitingHeight } from '../../../src/app/views/transcript/body-text.ts';
import { firstOfEvent, piecesIn, rowsOf } from '../../../src/app/views/transcript/rows.ts';
import type { Hideable } from '../../../src/app/state/transcript.ts';

/** What of a transcript its rows are made from. */
function transcript(kind: readonly number[], characters: readonly number[], event: readonly number[]): Transcript {
  const length = kind.length;
  return {
    ...({} as Transcript),
    length,
    kind: Uint8Array.from(kind),
    characters: Int32Array.from(characters),
    event: Int32Array.from(event),
    flags: Uint8Array.from(kind, (each) => (each === KIND.text ? PART.sampled : 0)),
    tokenStart: Int32Array.from({ length: length + 1 }, (_, part) => 300 * part),
  };
}

const conversation = fc
  .array(fc.tuple(fc.nat(KINDS.length - 1), fc.constantFrom(0, 10, CHUNK, 3 * CHUNK + 1), fc.nat(2)), { maxLength: 40 })
  .map((parts) => {
    let event = 0;
    return transcript(
      parts.map(([kind]) => kind),
      parts.map(([, characters]) => characters),
      parts.map(([, , step]) => (event += step)),
    );
  });
const hidden = fc.uniqueArray(fc.constantFrom<Hideable>('system', 'tools', 'thinking'));
const shown = fc.array(fc.tuple(fc.nat(45), fc.integer({ min: 1, max: 6 })), { maxLength: 6 }).map((pairs) => new Map(pairs));

function plainRows(said: Transcript, hides: readonly Hideable[], open: ReadonlyMap<number, number>, asTokens: boolean) {
  const isHidden = (kind: number): boolean =>
    (hides.includes('system') && kind === KIND.system) ||
    (hides.includes('thinking') && kind === KIND.thinking) ||
    (hides.includes('tools') && [KIND.call, KIND.memory, KIND.result].some((each) => each === kind));
  const rows: (readonly [part: number, chunk: number])[] = [];
  const first: number[] = [];
  for (let part = 0; part < said.length; part++) {
    first.push(rows.length);
    if (isHidden(said.kind[part]!)) continue;
    for (let chunk = 0; chunk < Math.min(open.get(part) ?? 1, piecesIn(said, part, asTokens)); chunk++) rows.push([part, chunk]);
  }
  return { rows, first: [...first, rows.length] };
}

it('are as the plain way has them, whatever is hidden and shown', () => {
  fc.assert(
    fc.property(conversation, hidden, shown, fc.boolean(), (said, hides, open, asTokens) => {
      const made = rowsOf(said, hides, open, asTokens);
      const slow = plainRows(said, hides, open, asTokens);
      expect(Array.from(made.part, (part, row) => [part, made.chunk[row]])).toEqual(slow.rows);
      expect([...made.first]).toEqual(slow.first);
      expect(made.length).toBe(slow.rows.length);
      expect(made.hidden).toBe(said.length - new Set(slow.rows.map(([part]) => part)).size);
    }),
    { numRuns: 400 },
  );
});

it('find the first part of an event', () => {
  fc.assert(
    fc.property(conversation, fc.nat(60), (said, event) => {
      const slow = said.event.indexOf(event);
      expect(firstOfEvent(said, event)).toBe(slow < 0 ? said.length : slow);
    }),
    { numRuns: 400 },
  );
});

it('are each in one block, as high as all of its rows, under a number of its own', () => {
  const check = (said: Transcript, open: ReadonlyMap<number, number>): void => {
    const rows = rowsOf(said, [], open, false);
    const { length, size, key, height } = blocksOf(said, rows);
    expect(length).toBeLessThanOrEqual(MOST_BLOCKS);
    expect(length * size).toBeGreaterThanOrEqual(rows.length);
    expect((length - 1) * size).toBeLessThan(Math.max(1, rows.length));
    expect(new Set(key).size).toBe(length);
    const sum = Array.from(rows.part).reduce((all, part) => all + 22 + waitingHeight(said.characters[part]!, false), 0);
    expect(height.reduce((all, each) => all + each, 0)).toBe(sum);
  };
  fc.assert(fc.property(conversation, shown, check), { numRuns: 200 });
  const length = 2 * MOST_BLOCKS + 1;
  const plain = Array.from({ length }, (_, part) => part);
  check(
    transcript(
      plain.map(() => KIND.text),
      plain.map((part) => part % 700),
      plain,
    ),
    new Map(),
  );
});
