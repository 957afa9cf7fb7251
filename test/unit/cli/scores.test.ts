import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'espalier-scores-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sha = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

function espalier(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/espalier.mjs', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  expect(stderr).not.toContain('Error');
  expect(status).toBe(0);
  return stdout;
}

it("carries a model's entropy from score to prune, into a forest, and out of it again", () => {
  const log = join(folder, 'few.jsonl');
  writeFileSync(log, readFileSync('public/samples/orchard-chat.jsonl', 'utf8').split('\n').slice(0, 3).join('\n'));
  const [scores, first, second] = ['scores.bin', 'first', 'second'].map((name) => join(folder, name));
  espalier('score', log, '--out', scores!);
  espalier('prune', log, '--scores', scores!, '--strategy', 'density', '--budget', '50%', '--export', 'forest,tokens', '--out', first!);
  espalier(
    'prune',
    join(first!, 'forest.jsonl'),
    '--strategy',
    'density',
    '--budget',
    '50%',
    '--export',
    'forest,tokens',
    '--out',
    second!,
  );
  for (const name of ['forest.jsonl', 'tokens.jsonl'])
    expect(readFileSync(join(second!, name), 'utf8')).toBe(readFileSync(join(first!, name), 'utf8'));
  const models = [first, second].map(
    (out) => (JSON.parse(readFileSync(join(out!, 'manifest.json'), 'utf8')) as { entropy_model: Record<string, unknown> }).entropy_model,
  );
  expect(models[0]).toMatchObject({
    model_sha256: sha('public/models/espalier-3m/model.onnx'),
    tokenizer_sha256: sha('public/models/espalier-3m/tokenizer.json'),
  });
  expect(models[1]).toEqual(models[0]);
  const report = JSON.parse(espalier('inspect', join(first!, 'forest.jsonl'), '--json')) as {
    entropySource: string;
    entropyCoverage: number;
  };
  expect(report.entropySource).toMatch(/^model: espalier-3m \(/);
  expect(report.entropyCoverage).toBe(1);
});
