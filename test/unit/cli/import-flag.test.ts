import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importedFile, importLines } from '../../../src/cli/import-flag.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';

const RULE = { ...DEFAULT_RULE, signal: 'imported' as const };
const folder = mkdtempSync(join(tmpdir(), 'espalier-import-'));

it('is a file, and behind a colon its column', () => {
  const path = join(folder, 'scores.jsonl');
  writeFileSync(path, '{}\n');
  expect(importedFile({ 'import-scores': path }, RULE)).toMatchObject({ name: 'scores.jsonl', column: null });
  expect(importedFile({ 'import-scores': `${path}:value` }, RULE)).toMatchObject({ name: 'scores.jsonl', column: 'value' });
  const colon = join(folder, 'a:b.jsonl');
  writeFileSync(colon, '{}\n');
  expect(importedFile({ 'import-scores': colon }, RULE)).toMatchObject({ name: 'a:b.jsonl', column: null });
  expect(() => importedFile({ 'import-scores': join(folder, 'none') }, RULE)).toThrow('no file at');
});

it('goes with the signal that it is for', () => {
  expect(importedFile({}, DEFAULT_RULE)).toBeNull();
  expect(() => importedFile({}, RULE)).toThrow('--import-scores');
  expect(() => importedFile({ 'import-scores': 'x' }, DEFAULT_RULE)).toThrow('--signal imported');
});

it('tells of rows that belong nowhere, and refuses a file where all do', () => {
  const issue = {
    severity: 'note' as const,
    file: 's.jsonl',
    line: 7,
    address: { unit: 'bytes' as const, start: 0, size: 1, member: 0 },
    code: 'score-unmatched',
    expected: 'the id of one rollout',
    found: 'none',
  };
  const answer = {
    ok: true as const,
    name: 'value',
    file: 's.jsonl',
    rows: 3,
    matched: 2,
    unmatched: 1,
    tokens: 9,
    negative: 1,
    issues: [issue],
  };
  expect(importLines(answer)).toEqual([
    's.jsonl: 3 rows = 2 matched + 1 not; value of 9 tokens',
    '1 value below 0 count 0',
    'note  s.jsonl:7 expected the id of one rollout, found none',
  ]);
  expect(() => importLines({ ...answer, matched: 0, unmatched: 3 })).toThrow('s.jsonl:7');
});
