/** `espalier study candidates --judge`: real HTTP to a stand-in, the key in no output, and files of what is chosen. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { candidateLogs } from '../../helpers/candidateLogs.ts';
import { startEspalier, type Ended } from '../../helpers/espalier.ts';
import { startJudge, type JudgeServer } from '../../helpers/judgeServer.ts';

const KEY = 'sk-secret-9876543210';
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
const logs = join(folder, 'logs');
let server: JudgeServer;

beforeAll(async () => {
  for (const [path, content] of candidateLogs()) {
    mkdirSync(dirname(join(logs, path)), { recursive: true });
    writeFileSync(join(logs, path), content);
  }
  // The wrong patch is the best to this judge; the first question is put off, and one patch it cannot say anything of.
  server = await startJudge(({ body }, n) => {
    const content = body.messages[0]?.content ?? '';
    if (n === 0) return { status: 429, text: `{"error": {"message": "busy, ${KEY}"}}`, headers: { 'Retry-After': '0' } };
    if (content.includes('two litres are enough')) return { status: 400, text: `{"error": {"message": "no, ${KEY}"}}` };
    return { say: content.includes('litres=20') ? '{"score": 9}' : '{"score": 4}' };
  });
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: readonly string[]): Promise<Ended> => startEspalier(['study', 'candidates', logs, ...args]).ended;
const judged = ['--judge-model', 'stand-in'];

it('ranks by the mean of what the judge says, and writes what is chosen', async () => {
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, `${KEY}\n`);
  const [out, pairs] = [join(folder, 'preds.json'), join(folder, 'pairs.jsonl')];
  const flags = [
    '--judge',
    server.address,
    ...judged,
    '--judge-key-file',
    keyFile,
    '--judge-samples',
    '2',
    '--out',
    out,
    '--pairs',
    pairs,
    '--json',
  ];
  const { status, stdout, stderr } = await run(...flags);
  expect([status, stderr.includes('sends 5 patches and the texts of their tasks to 127.0.0.1:')]).toEqual([0, true]);
  const answer = JSON.parse(stdout) as {
    readonly rank: string;
    readonly judge: { readonly repeated: number; readonly scores: readonly { readonly mean: number | null; readonly samples: number }[] };
    readonly chosen: object;
    readonly tasks: readonly {
      readonly task: string;
      readonly candidates: readonly { readonly scores: { readonly judge: number | null } }[];
    }[];
  };
  expect(answer.rank).toBe('judge');
  expect(answer.tasks.map(({ candidates }) => candidates.map(({ scores }) => scores.judge))).toEqual([
    [4, null, 9],
    [9, 9, null],
  ]);
  expect(answer.judge.repeated).toBe(1);
  expect(answer.judge.scores.map(({ mean, samples }) => [mean, samples])).toEqual([
    [4, 2],
    [null, 0],
    [9, 2],
    [9, 2],
    [9, 2],
  ]);
  expect(stderr).toContain('sample 2: expected an answer, found status 400: no, [key]');
  expect(answer.chosen).toMatchObject({ predictions: { rows: 2, tied: 1 }, pairs: { rows: 1 } });
  const written = JSON.parse(readFileSync(out, 'utf8')) as Record<
    string,
    { readonly model_patch: string; readonly model_name_or_path: string }
  >;
  expect(Object.values(written).map(({ model_patch: patch, model_name_or_path: model }) => [patch.includes('litres=20'), model])).toEqual([
    [true, 'best-by-judge'],
    [true, 'best-by-judge'],
  ]);
  expect(readFileSync(pairs, 'utf8').trimEnd().split('\n')).toHaveLength(1);
  expect(server.asked.every(({ authorization }) => authorization === `Bearer ${KEY}`)).toBe(true);
  // The key is in no output and in no file, whole or in part.
  const all = [stdout, stderr, readFileSync(out, 'utf8'), readFileSync(pairs, 'utf8')].join('\n');
  for (let at = 0; at + 6 <= KEY.length; at++) expect(all).not.toContain(KEY.slice(at, at + 6));
});

it('takes the key from the environment, and a column of the log as a ranking', async () => {
  server.asked.length = 0;
  const before = await startEspalier(
    ['study', 'candidates', logs, '--judge', server.address, ...judged, '--rank', 'column:-turns', '--tasks'],
    {
      ESPALIER_JUDGE_KEY: KEY,
    },
  ).ended;
  expect(before.status).toBe(0);
  expect(before.stdout).toContain('least turns');
  expect(`${before.stdout}${before.stderr}`).not.toContain('sk-secret');
  expect(server.asked[0]?.authorization).toBe(`Bearer ${KEY}`);
});

it('refuses flags that are none, before anything is sent', async () => {
  server.asked.length = 0;
  const refusals = await Promise.all([
    run('--judge', 'nowhere', ...judged),
    run('--judge', server.address),
    run('--judge-samples', '2'),
    run('--judge', server.address, ...judged, '--judge-samples', '0'),
    run('--out', join(folder, 'none', 'x.json')),
    startEspalier(['study', 'candidates', logs, '--judge', server.address, ...judged], { ESPALIER_JUDGE_KEY: 'two words' }).ended,
  ]);
  expect(refusals.map(({ status }) => status)).toEqual([2, 2, 2, 2, 2, 2]);
  expect(refusals.map(({ stderr }) => stderr)).toEqual([
    expect.stringContaining('--judge: expected an http or https address, found no address'),
    expect.stringContaining('--judge needs --judge-model NAME'),
    expect.stringContaining('--judge-samples is of --judge, which is not given'),
    expect.stringContaining('--judge-samples: expected a whole number from 1 to 100, found 0'),
    expect.stringContaining('--out: expected a file in a folder that exists'),
    expect.stringContaining('ESPALIER_JUDGE_KEY: expected a key of visible ASCII letters'),
  ]);
  expect(refusals.at(-1)?.stderr).not.toContain('words');
  expect(server.asked).toEqual([]);
});
