/** A document is read once to plan it and once to parse it, whatever it turns out to be. */
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { outlineDocument, scanDocument } from '../../../src/core/source/document.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { planIntake } from '../../../src/engine/intake.ts';
import { makeParser } from '../../../src/engine/pool.ts';
import { sniff } from '../../../src/engine/sniff.ts';
import { RECORD_KEYS } from '../../../src/formats/detect.ts';
import { countingSource, type CountingSource } from '../../helpers/countingSource.ts';
import fc from 'fast-check';

const chat = (size: number) => ({
  messages: [
    { role: 'user', content: 'x'.repeat(size) },
    { role: 'assistant', content: 'two' },
  ],
});
const records = Array.from({ length: 60 }, (_, i) => chat(2000 + i));
const DOCUMENTS: readonly (readonly [what: string, text: string, rollouts: number])[] = [
  ['a list of records', JSON.stringify(records), 60],
  ['a list of records over many lines', JSON.stringify(records, null, 1), 60],
  ['records at a key', JSON.stringify({ about: { model: 'm' }, data: records, more: [1] }), 60],
  ['one record with a key that others keep records at', JSON.stringify({ ...chat(100_000), items: ['x'] }, null, 1), 1],
  ['one conversation as a list', JSON.stringify(chat(100_000).messages), 1],
];

async function open(source: CountingSource): Promise<{ planned: number[]; parsed: number; rollouts: number }> {
  const sniffed = await sniff(source);
  const intake = await planIntake(source, 0, 'a.json', 'a.json', sniffed.kind === 'records' ? sniffed.readers : [], undefined);
  if (!intake.ok) throw new Error(intake.issue.code);
  expect(intake.reader).toBe('document');
  const planned = [...source.counts];
  const parser = makeParser();
  await parser.configure(DEFAULT_OPEN_SETTINGS);
  let rollouts = 0;
  for (const job of intake.jobs) for await (const { batch } of parser.run(job, source)) rollouts += batch?.rollouts.length ?? 0;
  return { planned, parsed: source.counts.reduce((most, count, i) => Math.max(most, count - (planned[i] ?? 0)), 0), rollouts };
}

/** Bytes that tell a container and text apart: looked at before a reader is asked. */
const HEAD = 1 << 16;

describe('the bytes of a document', () => {
  it.each(DOCUMENTS)('of %s are read once to plan and once to parse', async (_, text, rollouts) => {
    const found = await open(countingSource('a.json', new TextEncoder().encode(text)));
    expect(found.planned.slice(HEAD).reduce((most, count) => Math.max(most, count), 0)).toBe(1);
    expect(found.planned.slice(0, HEAD).reduce((most, count) => Math.max(most, count), 0)).toBe(2);
    expect(found.parsed).toBe(1);
    expect(found.rollouts).toBe(rollouts);
  });
});

it('tells in the same pass where the document as a whole lies, as a scan for that alone does', async () => {
  const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', ' ', '\n', '"data"', '"a"', '"b{"', '1', '{"data": [', '], ', '{"a": 1}');
  let documents = 0;
  let keyed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 24 }), fc.integer({ min: 1, max: 9 }), async (pieces, chunk) => {
      const source = bytesSource('a', new TextEncoder().encode(pieces.join('')));
      const scanned = await scanDocument(source, RECORD_KEYS, chunk);
      if (scanned === 'lines') return;
      documents++;
      expect(scanned.outline).toEqual(await outlineDocument(source, RECORD_KEYS));
      if (scanned.outline.shape !== 'key') return;
      keyed++;
      expect(await scanned.whole()).toEqual(await outlineDocument(source, []));
    }),
    { numRuns: 3000 },
  );
  expect(documents).toBeGreaterThan(1000);
  expect(keyed).toBeGreaterThan(100);
});
