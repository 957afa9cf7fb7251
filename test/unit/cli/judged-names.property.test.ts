/** Names of files tell which of them a `reward.txt` is about, exactly as their whole paths do. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { open } from '../../../src/cli/api.ts';
import { namesOf } from '../../../src/cli/inputs.ts';
import { makeJoins } from '../../../src/core/rollouts/joins.ts';

const root = mkdtempSync(join(tmpdir(), 'espalier-judged-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('agree with whole paths, whichever files and folders are named', () => {
  const steps = fc.array(fc.constantFrom('a', 'b', 'verifier'), { minLength: 1, maxLength: 4 });
  const name = fc.constantFrom('log.jsonl', 'more.jsonl', 'reward.txt', 'score.json');
  const found = fc.record({ steps, name, shown: fc.integer({ min: 1, max: 4 }) });
  const path = (each: { steps: string[]; name: string }): string => ['', ...each.steps, each.name].join(sep);
  fc.assert(
    fc.property(fc.uniqueArray(found, { minLength: 2, maxLength: 7, selector: path }), (files) => {
      const all = files.map((each) => ({
        file: path(each),
        shown: Math.min(each.shown, each.steps.length + 1),
        isPipe: false,
        others: [],
      }));
      const names = namesOf(all);
      expect(new Set(names.values()).size).toBe(all.length);
      for (const { file: side } of all.filter(({ file }) => /\.(?:txt|json)$/.test(file))) {
        // What lies at the root is about a folder without a name.
        if (/^\/(?:verifier\/)?[^/]+$/.test(side.split(sep).join('/'))) continue;
        for (const { file: log } of all) {
          const isAbout = (a: string, b: string): boolean => {
            const facts = { outcomes: [{ instance: null, reward: 1 }], references: [], candidates: [] };
            return makeJoins([{ path: a, facts }])({ id: 'r', task: 't' }, b) !== null;
          };
          const whole = [side, log].map((each) => each.split(sep).slice(1).join('/'));
          expect([side, log, isAbout(names.get(side)!, names.get(log)!)]).toEqual([side, log, isAbout(whole[0]!, whole[1]!)]);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

it('of other files are as short as before', () => {
  const found = (file: string, shown: number) => ({ file: file.split('/').join(sep), shown, isPipe: false, others: [] });
  const names = (...files: ReturnType<typeof found>[]): string[] => [...namesOf(files).values()];
  expect(names(found('/x/a/log.jsonl', 1), found('/y/b.jsonl', 1))).toEqual(['log.jsonl', 'b.jsonl']);
  expect(names(found('/x/a/log.jsonl', 1), found('/x/b/reward.txt', 1))).toEqual(['log.jsonl', 'b/reward.txt']);
  expect(names(found('/x/a/log.jsonl', 1), found('/x/a/reward.txt', 1))).toEqual(['a/log.jsonl', 'a/reward.txt']);
  expect(names(found('/x/t/log.jsonl', 2), found('/y/t/reward.txt', 2))).toEqual(['x/t/log.jsonl', 'y/t/reward.txt']);
});

it('give a reward to what lies in its folder alone', async () => {
  const record = { id: 'r', messages: ['user', 'assistant'].map((role) => ({ role, content: 'Done.' })) };
  for (const folder of ['a', 'b']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'a', 'log.jsonl'), `${JSON.stringify(record)}\n`);
  for (const folder of ['a', 'b']) writeFileSync(join(root, folder, 'reward.txt'), folder === 'a' ? '0.25' : '0.75');
  const rewards = async (...paths: string[]) => (await open(paths.map((path) => join(root, path)))).facts().rewards;
  expect(await rewards('a/log.jsonl', 'b/reward.txt')).toBeNull();
  expect(await rewards('a/log.jsonl', 'a/reward.txt')).toMatchObject({ known: 1, mean: 0.25 });
  expect(await rewards('a', 'b/reward.txt')).toMatchObject({ known: 1, mean: 0.25 });
});
