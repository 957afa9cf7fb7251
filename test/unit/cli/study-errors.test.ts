/** `espalier study errors` and `espalier prune --mask-errors --error-rules`: the table, the hits, and the same turns masked. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { espalier } from '../../helpers/espalier.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const call = (at: number) => {
  const made = { id: `c${at}`, type: 'function', function: { name: 'put', arguments: `{"at":${at}}` } };
  return { role: 'assistant', content: 'I put it.', tool_calls: [made] };
};
const result = (at: number, content: string) => ({ role: 'tool', tool_call_id: `c${at}`, content });
const turns = [call(1), result(1, 'Error: no'), call(2), result(2, 'put'), { role: 'assistant', content: 'Done.' }];
const path = join(folder, 'log.jsonl');
writeFileSync(path, `${JSON.stringify({ id: 'one', messages: [{ role: 'user', content: 'Put it.' }, ...turns] })}\n`);

it('tells each rule in a line, and each hit in one where it is asked to', () => {
  const table = espalier(['study', 'errors', path]);
  expect(table.status).toBe(0);
  expect(table.stdout).toMatch(/^3 turns of 1 rollout\nrules that are on hit 1 turn of 1 rollout\n/);
  expect(table.stdout).toMatch(/^reported +on +1 +33\.3 % +1 +1 +1 +\d+ +\d+\.\d %$/m);
  const hits = espalier(['study', 'errors', path, '--hits', '--error-rules', 'traceback']);
  expect(hits.stdout).toBe('log.jsonl:1  one  turn 1  reported  put  corrected in turn 2  trains\n');
  const told = JSON.parse(espalier(['study', 'errors', path, '--json', '--corrections', 'keep', '--hits']).stdout);
  expect(told).toMatchObject({
    turns: { all: 3, hit: 1 },
    loss: { takes: { turns: 0, tokens: 0 } },
    hits: [{ rule: 'reported', corrected_by: 2, masked: false }],
  });
});

it('refuses rules, ways and turns that are none before anything is read', () => {
  for (const [flag, value, said] of [
    ['--error-rules', 'nosuch', 'found nosuch'],
    ['--corrections', 'never', '--corrections: expected'],
    ['--corrected-within', '0', '--corrected-within: expected'],
  ]) {
    const { status, stderr } = espalier(['study', 'errors', 'not-there.jsonl', flag, value]);
    expect(status).toBe(2);
    expect(stderr).toContain(said);
  }
});

it('prunes with the same rules, and the manifest counts what they took', () => {
  const out = join(folder, 'set');
  const flags = ['--preset', 'none', '--budget', '100%', '--export', 'tokens', '--mask-errors', '--error-rules', 'all', '--out', out];
  expect(espalier(['prune', path, ...flags]).status).toBe(0);
  const { totals, settings } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  expect(totals.masked_errors).toMatchObject({ turns: 1, rollouts: 1, by_rule: { reported: { turns: 1 }, flagged: { turns: 0 } } });
  expect(settings).toMatchObject({ mask_errors: true, records: { errorRules: 'all', corrections: 'recovery', correctedWithin: 3 } });
  const study = JSON.parse(espalier(['study', 'errors', path, '--json']).stdout);
  expect(totals.masked_errors.tokens).toBe(study.loss.takes.tokens);
});

it('prunes a log in parts to the same files', () => {
  const flags = [
    '--preset',
    'none',
    '--budget',
    '100%',
    '--export',
    'tokens',
    '--mask-errors',
    '--error-rules',
    'reported',
    '--scope',
    'task',
  ];
  const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
  expect(espalier(['prune', path, ...flags, '--out', whole])).toMatchObject({ status: 0 });
  expect(espalier(['prune', path, ...flags, '--stream', '--out', parts])).toMatchObject({ status: 0 });
  for (const file of ['tokens.jsonl', 'manifest.json']) expect(readFileSync(join(parts, file))).toEqual(readFileSync(join(whole, file)));
});
