/** A log whose messages are parsed, read and tokenised once for equal bytes gives what it gives where each is made anew. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { formatById } from '../../../src/engine/format-by-id.ts';
import { planIntake } from '../../../src/engine/intake.ts';
import { parseJob } from '../../../src/engine/parse.ts';
import { makeTokenisation } from '../../../src/engine/pool.ts';
import { sniff } from '../../../src/engine/sniff.ts';
import '../../helpers/drawSeed.ts';

const tokenisation = await makeTokenisation(DEFAULT_OPEN_SETTINGS);

/** What opening gives, without where in the file it was. */
async function open(lines: readonly string[]): Promise<unknown> {
  const source = bytesSource('a.jsonl', new TextEncoder().encode(lines.join('\n')));
  const sniffed = await sniff(source);
  const readers = sniffed.kind === 'records' ? sniffed.readers : [];
  const intake = await planIntake(source, 0, 'a.jsonl', 'a.jsonl', readers, undefined);
  if (!intake.ok) throw new Error('no log');
  const found: unknown[] = [];
  for (const job of intake.jobs) {
    const format = job.format === null ? null : formatById(job.format, undefined);
    for await (const { batch, issues, moreIssues, counts, records } of parseJob(job, source, format, tokenisation))
      found.push({
        batch: batch && { ...batch, rollouts: batch.rollouts.map((row) => ({ ...row, address: null })) },
        issues: issues.map((issue) => ({ ...issue, address: null })),
        moreIssues,
        counts,
        records,
      });
  }
  return found;
}

const text = fc.oneof(
  fc.constantFrom('', 'ok', 'a\ud800b', '<think>so</think>Yes.', '<think>so', '{"path": "a", "id": 7}', '[1, 2]', 'Straße 12345'),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);
const call = fc.record({
  id: fc.constantFrom('c1', 'c2'),
  function: fc.record({ name: fc.constantFrom('read', 'note_write', ''), arguments: text }),
});
const content = fc.oneof(text, fc.array(fc.record({ type: fc.constant('text'), text })), fc.constant({ odd: [1] }), fc.constant(null));
const message = fc.oneof(
  fc.record({ role: fc.constantFrom('system', 'user'), content }),
  fc.record(
    {
      role: fc.constant('assistant'),
      content,
      tool_calls: fc.array(call, { maxLength: 2 }),
      reasoning: text,
      weight: fc.constantFrom(0, 1),
    },
    { requiredKeys: ['role', 'content'] },
  ),
  fc.record(
    { role: fc.constant('tool'), content, tool_call_id: fc.constantFrom('c1', 'c2'), name: fc.constant('x'), is_error: fc.boolean() },
    { requiredKeys: ['role', 'content'] },
  ),
  fc.record({
    role: fc.constantFrom('assistant', 'nobody'),
    content,
    timestamp: fc.constantFrom(5, 'x'),
    finish_reason: fc.constant('length'),
  }),
);
/** Messages, and rollouts as indices of them. */
const log = fc
  .array(message, { minLength: 2, maxLength: 8 })
  .chain((messages) => fc.array(fc.array(fc.constantFrom(...messages), { minLength: 1, maxLength: 7 }), { minLength: 4, maxLength: 12 }));

it('sharing messages between records changes nothing that comes of them', async () => {
  await fc.assert(
    fc.asyncProperty(log, async (rollouts) => {
      const lines = rollouts.map((messages, index) => JSON.stringify({ id: `r${index}`, task_id: 't', reward: index % 2, messages }));
      // A key with an escape is read as a whole text.
      const anew = await open(lines.map((line) => line.replace('"messages":', '"mess\\u0061ges":')));
      expect(await open(lines)).toEqual(anew);
      expect(await open([...lines].reverse())).toBeDefined();
      expect(await open(lines)).toEqual(anew);
    }),
    { numRuns: 100 },
  );
}, 60_000);
