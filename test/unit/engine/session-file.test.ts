/** A session file is read as it was written, whole or not at all; the command line takes it for the page's bytes. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { open } from '../../../src/cli/api.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { sealed } from '../../../src/core/model/seal.ts';
import { openSessionFile, sessionText, type SessionDocument } from '../../../src/engine/session-file.ts';
import { sha256 } from '../../../src/platform/node/sha256.ts';

const word = fc.string({ maxLength: 20 });
const TAGGED = {
  subject: { kind: 'task' as const, key: 't' },
  text: '',
  labels: [],
  tags: [{ axis: 'language' as const, tag: 'go', source: 'hand' as const }],
};
const key = fc.constantFrom('0123456789abcdef', 'fedcba9876543210');
const document: fc.Arbitrary<SessionDocument> = fc.record({
  name: word,
  saved: word,
  data: fc.option(key),
  address: fc.option(word),
  files: fc.array(fc.record({ path: word, bytes: fc.nat(), samples: fc.option(word) }), { maxLength: 3 }),
  open: fc.record(
    {
      tokenizer: word,
      memoryTools: fc.array(word, { maxLength: 2 }),
      maxNodeTokens: fc.option(fc.integer({ min: 1, max: 99 })),
      group: fc.constantFrom('task', 'file', 'model', 'policy'),
      rewards: fc.array(fc.tuple(key, fc.integer()), { maxLength: 2 }),
      statusRewards: fc.array(fc.tuple(word, fc.integer()), { maxLength: 2 }),
    },
    { requiredKeys: ['tokenizer', 'memoryTools', 'maxNodeTokens'] },
  ),
  rule: fc.constant(DEFAULT_RULE),
  budget: fc.option(fc.record({ cut: fc.constantFrom(0, 0.3, 1), train: fc.constantFrom(0.5, 1) })),
  filter: word,
  notes: fc.constantFrom([], [{ subject: { kind: 'task' as const, key: 't' }, text: '<b>', labels: ['a', 'b'] }], [TAGGED]),
  view: word,
  layout: fc.constantFrom({}, { left: { size: 300, isFolded: false } }),
});

it('is read as it was written', () => {
  fc.assert(
    fc.property(document, (session) => {
      expect(openSessionFile(sessionText(session, sha256), sha256)).toEqual({ ok: true, session });
    }),
  );
});

const [plain] = fc.sample(document, { numRuns: 1, seed: 7 });
const text = sessionText(plain!, sha256);
const changed = (change: (record: Record<string, unknown>) => void): string => {
  const { sha256: _, ...record } = JSON.parse(text) as Record<string, unknown>;
  change(record);
  return sealed(JSON.stringify(record), sha256);
};

it.each<[string, string]>([
  ['{', 'expected JSON, found no value'],
  ['{"messages": []}', 'expected a session file, found other JSON'],
  [
    text.replace('"filter"', '"filler"'),
    'expected the bytes that its checksum was made of, found others: it has been changed, or was cut off, since it was written',
  ],
  [changed((record) => delete record['view']), 'expected a name, a date and a view, found something else'],
  [
    changed((record) => (record['files'] = [{ path: 'a' }])),
    'expected files with a path, a length and a fingerprint, found something else',
  ],
  [changed((record) => (record['rule'] = { strategy: 'none of ours' })), 'expected a rule, found something else'],
  [changed((record) => (record['budget'] = { cut: 2, train: 1 })), 'expected a budget of two shares, or none, found something else'],
  [changed((record) => (record['notes'] = [{ note: 'of nothing' }])), 'expected notes on tasks, rollouts and nodes, found something else'],
  [changed((record) => (record['open'] = { tokenizer: 'o200k_base' })), 'expected names of memory tools, found something else'],
  [changed((record) => (record['layout'] = [])), 'expected a layout, found something else'],
])('%# is refused whole', (wrong, reason) => {
  const opened = openSessionFile(wrong, sha256);
  expect(opened.ok).toBe(false);
  if (!opened.ok && wrong !== '{') expect(opened.reason).toBe(reason);
});

it('keeps notes for filters on the command line', async () => {
  const record = {
    id: 'a',
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: 'a' },
    ],
  };
  const bytes = new TextEncoder().encode(`${JSON.stringify(record)}\n${JSON.stringify({ ...record, id: 'b' })}\n`);
  const log = [{ name: 'a.jsonl', bytes }];
  const notes = [{ subject: { kind: 'task' as const, key: 'elsewhere' }, text: '', labels: ['late'] }];
  const dataset = await open(log, { notes });
  expect(dataset.facts().rollouts).toBe(2);
});
