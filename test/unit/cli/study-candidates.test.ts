import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { candidateLogs } from '../../helpers/candidateLogs.ts';
import { espalier } from '../../helpers/espalier.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-study-candidates-'));
beforeAll(() => {
  for (const [path, content] of candidateLogs()) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const study = (...args: readonly string[]) => espalier(['study', 'candidates', folder, ...args]);

it('prints what choosing solves, and each task by a ranking', () => {
  const { status, stdout } = study('--tasks');
  expect(status).toBe(0);
  expect(stdout).toContain('2 tasks, 6 candidates in 4 groups\n2 resolved, 4 failed, 0 of unknown outcome');
  expect(stdout).toContain('files of patches: 3 compared by syntax, 0 by text');
  const rows = stdout.split('\n').filter((line) => /^ +\d+ +2 /.test(line));
  expect(rows.map((line) => line.trim().split(/\s+/).slice(0, 3))).toEqual([
    ['1', '2', '33.3'],
    ['2', '2', '50.0'],
    ['3', '2', '50.0'],
  ]);
  expect(stdout).toMatch(/garden__beds-1: 3 candidates in 2 groups\n {2}resolved +group 1 +2 .*\n {2}resolved .*\n {2}failed +group 2 +1 /);
});

it('gives JSON without anything that is no number', () => {
  const { status, stdout } = study('--json', '--text');
  expect(status).toBe(0);
  const found = JSON.parse(stdout) as {
    readonly counts: { readonly bySyntax: number; readonly groups: number };
    readonly pass: { readonly mean: readonly number[] };
    readonly tasks: readonly { readonly chosen: { readonly votes: number }; readonly candidates: readonly { readonly passed: null }[] }[];
  };
  expect(found.counts).toMatchObject({ bySyntax: 0, groups: 4, candidates: 6, unknownTasks: [] });
  expect(found.pass.mean[1]).toBe(0.5);
  expect(found.tasks.map(({ chosen }) => chosen.votes)).toEqual([1, 0]);
  expect(found.tasks[0]?.candidates[0]?.passed).toBeNull();
});

it('refuses rankings that the log does not have, and says which it has', () => {
  const { status, stderr } = study('--rank', 'entropy');
  expect(status).toBe(2);
  expect(stderr).toContain('--rank entropy: the rankings of this log are votes');
});

it('says that there is nothing to choose from', () => {
  const { status, stderr } = espalier(['study', 'candidates', 'public/samples/orchard-chat.jsonl']);
  expect(status).toBe(1);
  expect(stderr).toContain('no rollout and no file beside the logs holds a patch');
});
