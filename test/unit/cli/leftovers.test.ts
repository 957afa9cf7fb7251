/** Files of an earlier run: removed only where its manifest names them with the bytes that they have. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { earlierOutputs, removeLeftovers } from '../../../src/cli/leftovers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const manifest = (outputs: unknown): void => put('manifest.json', JSON.stringify({ espalier_manifest: 1, outputs }));
const outputsOf = (...names: readonly string[]): unknown[] => names.map((name) => ({ name, sha256: hashOf(name) }));

it("takes no manifest of something else for an earlier run's", () => {
  expect(earlierOutputs(join(folder, 'missing')).size).toBe(0);
  for (const text of [
    '',
    'null',
    '[]',
    '{"outputs": [{"name": "a", "sha256": "b"}]}',
    '{"espalier_manifest": 1, "outputs": 5}',
    '{"espalier_manifest": 1, "outputs": [null, 5, {"name": 1}]}',
  ]) {
    put('manifest.json', text);
    expect(earlierOutputs(folder).size).toBe(0);
  }
});

it('reaches no file outside the folder, and no manifest', () => {
  manifest(outputsOf('../a.jsonl', '/etc/hosts', 'b/c.jsonl', '..', '', 'manifest.json', 'tokens.jsonl'));
  expect([...earlierOutputs(folder).keys()].filter((name) => name !== '..' && name !== '')).toEqual(['tokens.jsonl']);
});

it('removes what is unchanged and not written again, and no folder or link', async () => {
  const away = mkdtempSync(join(folder, 'away-'));
  writeFileSync(join(away, 'link.jsonl'), 'link.jsonl');
  for (const name of ['tokens.jsonl', 'old.jsonl', 'again.jsonl', 'read.jsonl', 'other.jsonl']) put(name, name);
  put('forest.jsonl', 'changed');
  put('messages.jsonl', 'of nobody');
  mkdirSync(join(folder, 'folder.jsonl'));
  symlinkSync(join(away, 'link.jsonl'), join(folder, 'link.jsonl'));
  manifest(
    outputsOf(
      'tokens.jsonl',
      'old.jsonl',
      'again.jsonl',
      'read.jsonl',
      'forest.jsonl',
      'folder.jsonl',
      'link.jsonl',
      'gone.jsonl',
      '..',
      '',
    ),
  );
  const lines = await removeLeftovers(folder, earlierOutputs(folder), ['again.jsonl', 'manifest.json'], [join(folder, 'read.jsonl')]);
  expect(lines.map((line) => line.replace(/:.*/, '')).sort()).toEqual([
    'forest.jsonl  stays',
    'messages.jsonl  stays',
    'old.jsonl  removed',
    'read.jsonl  stays',
    'tokens.jsonl  removed',
  ]);
  expect(
    readdirSync(folder)
      .filter((name) => !name.startsWith('away-'))
      .sort(),
  ).toEqual(['again.jsonl', 'folder.jsonl', 'forest.jsonl', 'link.jsonl', 'manifest.json', 'messages.jsonl', 'other.jsonl', 'read.jsonl']);
  expect(readdirSync(away)).toEqual(['link.jsonl']);
});
