/** `espalier prune --check`, `--strict` and `--lines`: what is printed, what is written, and the exit code. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Preflight } from '../../../src/engine/answers/preflight.ts';
import type { Finding } from '../../../src/engine/words/preflight.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function prune(args: readonly string[], input?: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['bin/espalier.mjs', 'prune', ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(input === undefined ? {} : { input }),
  });
}

const chat = (...messages: readonly (readonly [string, string])[]): string =>
  `${JSON.stringify({ messages: messages.map(([role, content]) => ({ role, content })) })}\n`;

it('prints one screen, writes nothing, and exits 0', () => {
  const out = join(folder, 'none');
  const { status, stdout } = prune([SAMPLE, '--budget', '30%', '--check', '--out', out]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Would I train on this\? .+\.\n/);
  for (const group of ['reward', 'ending', 'loss on', 'tool', 'task', 'length', 'longest', 'template', 'ids', 'copies', 'secrets', 'files'])
    expect(stdout).toMatch(new RegExp(`^${group} +\\S`, 'm'));
  expect(stdout.split('\n').length).toBeLessThan(60);
  expect(existsSync(out)).toBe(false);
});

it('prints the same as JSON, and what the export then holds', () => {
  const { status, stdout } = prune([SAMPLE, '--budget', '30%', '--export', 'tokens', '--validation', '25%', '--check', '--json']);
  expect(status).toBe(0);
  const seen = JSON.parse(stdout) as Preflight & { findings: readonly Finding[] };
  expect(seen.findings.every(({ level }) => level === 'problem' || level === 'note')).toBe(true);
  const out = join(folder, 'set');
  prune([SAMPLE, '--budget', '30%', '--export', 'tokens', '--validation', '25%', '--out', out]);
  const lines = (name: string): number => readFileSync(join(out, name), 'utf8').trimEnd().split('\n').length;
  expect(seen.records).toBe(lines('tokens.jsonl') + lines('tokens-validation.jsonl'));
  expect(seen.validation).toBe(lines('tokens-validation.jsonl'));
});

it('exits 3 with --strict where it finds a problem, and shows no secret and no code that steers a terminal', () => {
  const key = `ghp_${'aB3dE5gH7jK9'.repeat(3)}`;
  const log = chat(['user', `Take ${key}.`], ['assistant', 'Taken.']);
  const run = prune(['-', '--budget', '100%', '--check', '--strict'], log);
  expect([run.status, run.stdout.includes(key)]).toEqual([3, false]);
  expect(run.stdout).toContain('1 place has a GitHub token (1 different, in 1 record)');
  expect(prune(['-', '--budget', '100%', '--check'], log).status).toBe(0);
  const steering = log.replace('{', '{"id":"\\u001b[2J",');
  expect(prune(['-', '--budget', '100%', '--check'], steering).stdout).not.toContain('\u001b');
});

it('refuses with --strict what a target cannot say, before it writes, in parts too', () => {
  const out = join(folder, 'refused');
  for (const more of [[], ['--stream', '--scope', 'task']]) {
    const { status, stderr } = prune([SAMPLE, '--budget', '30%', '--export', 'trl-tokens', '--strict', '--out', out, ...more]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^--strict: nothing is written/m);
    expect(stderr).toMatch(/^ {2}records marked by train-once in place of branch-mean: \d+$/m);
    expect(existsSync(out)).toBe(false);
  }
  const whole = ['--export', 'trl-tokens', '--weights', 'train-once', '--strict', '--out', out];
  expect(prune([SAMPLE, '--budget', '30%', ...whole]).status).toBe(0);
  expect(readdirSync(out).sort()).toEqual(['manifest.json', 'trl-tokens']);
});

it('takes --json only with --check, and looks at nothing in parts', () => {
  const json = prune([SAMPLE, '--budget', '30%', '--json', '--out', folder]);
  expect([json.status, json.stderr]).toEqual([2, expect.stringContaining('--json: only with --check')]);
  const parts = prune([SAMPLE, '--budget', '30%', '--scope', 'task', '--stream', '--check']);
  expect([parts.status, parts.stderr]).toEqual([2, expect.stringContaining('(--check) is not made in parts')]);
});

it('tells what trains on the files, and prints the exact lines where they are asked for', () => {
  const out = join(folder, 'lines');
  const args = [SAMPLE, '--budget', '30%', '--export', 'tokens,trl-tokens', '--shard', '0.1', '--out', out];
  const brief = prune(args);
  expect(brief.stdout).toBe('');
  expect(brief.stderr).toMatch(/^to train on trl-tokens with TRL, transformers: --lines prints the exact lines$/m);
  const { stdout } = prune([...args, '--lines']);
  expect(stdout).toMatch(/^# trl-tokens: TRL, train\.py\n/);
  expect(stdout).toContain('data_files="trl-tokens/train-*.jsonl"');
  expect(prune([SAMPLE, '--budget', '30%', '--export', 'tokens', '--out', out, '--lines']).stdout).toBe('');
});
