/** Acts on the command line: the bytes that the page's session writes, and refusals that name the flag. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Act } from '../../../src/core/acts/act.ts';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE, type PruneRule } from '../../../src/core/model/rule.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { PROFILES } from '../../../src/engine/export/profiles/index.ts';
import { pruneCommand } from '../../../src/engine/words/command.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-acts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const espalier = (args: readonly string[]) =>
  spawnSync(process.execPath, ['bin/espalier.mjs', ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });

it('writes what the page writes, by the command that the page prints', async () => {
  const { session } = await openSession([inputFile('orchard.jsonl', readFileSync(SAMPLE))]);
  const shape = session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens');
  const branch = nodeKeyOf(shape.keys, shape.length - 2);
  const acts: readonly Act[] = [
    { verb: 'drop', where: 'reward<0.5 tool:search', isOn: true },
    { verb: 'untrained', where: 'turns>6', isOn: true },
    { verb: 'drop', nodes: [branch], isOn: true },
    { verb: 'drop', rollouts: session.rollouts().keys.slice(3, 5), isOn: true },
    { verb: 'favour', where: '"pears"', times: 3, isOn: true },
    { verb: 'best', count: 4, isOn: true },
  ];
  const rule: PruneRule = { ...DEFAULT_RULE, mode: 'rl', acts };
  const budget = { cut: 0.4, train: 0.8 };
  const order = await session.makeOrder(rule);
  expect(order.acts.lines.map(({ fault }) => fault)).toEqual(acts.map(() => null));
  expect(order.acts.rollouts.dropped).toBeGreaterThan(0);
  const sink = memorySink();
  const spec = exportSpec('messages', 'tokens');
  await session.export(order.orderId, budget, spec, sink, () => undefined);
  const opened = DEFAULT_OPEN_SETTINGS;
  const { text, needs } = pruneCommand({ inputs: [SAMPLE], opened, rule, budget, spec, profiles: PROFILES, usesScores: false });
  expect(needs).toEqual([]);
  const out = join(folder, 'same');
  const command = text.replace('espalier', `'${process.execPath}' bin/espalier.mjs`).replace('--out set/', `--out '${out}'`);
  const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  expect(stderr).toContain('Drop reward<0.5 tool:search: ');
  expect(stderr).toContain(' of 128 rollouts exported');
  expect(status).toBe(0);
  const written = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(written.map(({ name }) => name).sort()).toEqual([...sink.files.keys()].map((name) => name.split('/').at(-1) ?? '').sort());
  for (const [name, content] of sink.files) expect(readFileSync(join(out, name), 'utf8'), name).toBe(content);
}, 120_000);

it('applies lines in the order in which they are given', () => {
  const dropped = (...args: readonly string[]): unknown => {
    const out = join(folder, 'order');
    const run = espalier(['prune', SAMPLE, '--out', out, '--budget', '50%', '--export', 'tokens', ...args]);
    expect(run.stderr).not.toContain('usage');
    return (JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { acts: { rollouts: { dropped: number } } }).acts.rollouts
      .dropped;
  };
  const failed = dropped('--drop', 'failed');
  expect(failed).toBeGreaterThan(0);
  expect(dropped('--drop', 'failed', '--pin', 'failed')).toBe(0);
  expect(dropped('--pin', 'failed', '--drop', 'failed')).toBe(failed);
}, 120_000);

it('refuses what is no filter, what the log cannot answer and what is not known in parts, naming the flag', () => {
  const refused = (...args: readonly string[]): string => {
    const { status, stderr } = espalier(['prune', SAMPLE, '--out', join(folder, 'none'), '--budget', '50%', ...args]);
    expect(status).toBe(2);
    return stderr;
  };
  expect(refused('--drop', '(reward<1')).toContain('--drop: ');
  expect(refused('--keep', 'rewrd<1')).toContain('--keep rewrd<1: there is no column rewrd; near it: reward');
  expect(refused('--drop', 'kept<0.5')).toContain('--drop kept<0.5: kept follows from the cut');
  expect(refused('--best', '0')).toContain('--best: expected a number of rollouts from 1 on, found 0');
  expect(refused('--keep', '@node:0123456789abcdef')).toContain('--keep: expected a filter');
  expect(refused('--acts', '[{"verb":"fell"}]')).toContain('--acts: expected none or a JSON list of acts');
  expect(refused('--stream', '--drop', 'rewrd<1')).toContain('--drop rewrd<1: there is no column rewrd; near it: reward');
  expect(refused('--stream', '--notes', SAMPLE)).toContain('notes and labels (--notes) are not read in parts');
}, 120_000);

it('writes the same in parts, and on machines that share one budget', () => {
  const acts = ['--drop', 'reward<0.5 tool:search', '--favour', '3*"pears"', '--best', '4'];
  const flags = ['--budget', '40%', '--export', 'tokens,messages', '--preset', 'none', ...acts];
  const write = (out: string, ...args: readonly string[]): Map<string, string> => {
    const run = espalier(['prune', SAMPLE, '--out', join(folder, out), ...flags, ...args]);
    expect([run.status, run.stderr]).toEqual([0, expect.stringContaining('Drop reward<0.5 tool:search: ')]);
    return new Map(readdirSync(join(folder, out)).map((name) => [name, readFileSync(join(folder, out, name), 'utf8')]));
  };
  const whole = write('whole');
  expect(write('parts', '--stream', '--memory', '700MB')).toEqual(whole);
  const [curve, shared] = ['a.curve', 'shared.json'].map((name) => join(folder, name));
  expect(espalier(['curve', SAMPLE, '--out', curve!, ...flags])).toMatchObject({ status: 0 });
  expect(espalier(['share', curve!, '--out', shared!, ...flags])).toMatchObject({ status: 0 });
  expect(write('shared', '--share', `${shared!}:a`).get('tokens.jsonl')).toBe(whole.get('tokens.jsonl'));
}, 180_000);
