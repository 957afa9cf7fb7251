/** Places that cannot be written to are refused before any work, and long names are names. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { refuseFile, refuseFolder } from '../../../src/cli/usage.ts';
import { proven } from '../../helpers/proven.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function espalier(...args: readonly string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, ['bin/espalier.mjs', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, stderr };
}

describe.skipIf(!existsSync('/proc/self'))('what the system shows as files', () => {
  it('is no place for training sets', ({ task }) => {
    for (const path of ['/proc', '/proc/sets', '/proc/self/sets', '/sys/sets/of/mine'])
      expect(() => refuseFolder(path)).toThrow(/^--out: cannot write to \/\w+.*, which keeps no files$/);
    expect(() => refuseFile('/proc/nodes.csv', '--nodes')).toThrow(/^--nodes: .* \/proc belongs to the processes of this machine/);
    for (const path of ['/dev/null', '/dev/zero'])
      expect(() => refuseFolder(path)).toThrow(`--out: expected a folder, found a device at ${path}`);
    expect(() => refuseFolder('/dev/null/sets')).toThrow(/^--out: cannot write to \/dev\/null\/sets/);
    const { status, stderr } = espalier('prune', SAMPLE, '--budget', '30%', '--out', '/proc/sets');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^espalier: --out: cannot write to \/proc\/sets: [^\n]+\n$/);
    const happened = 'refused in a sentence before any file is read, exit code 2; nothing is written';
    proven(task, { part: 'Output', fault: '--out names /proc, /sys or a device', happened });
  });
});

it('reads and writes files whose names are as long as names can be', ({ task }) => {
  const name = (ending: string): string => `${'ü'.repeat((255 - ending.length) >> 1)}${ending}`;
  const [log, nodes] = [join(folder, name('.jsonl')), join(folder, name('n.csv'))];
  writeFileSync(log, readFileSync(SAMPLE));
  expect(espalier('inspect', log, '--nodes', nodes)).toEqual({ status: 0, stderr: '' });
  expect(readFileSync(nodes, 'utf8')).toContain('task,node,parent');
  expect(readdirSync(folder).length).toBe(2);
  const { status, stderr } = espalier('inspect', `${log}${'x'.repeat(300)}`);
  expect(status).toBe(2);
  expect(stderr).toContain('the name is too long');
  const bytes = Buffer.byteLength(name('.jsonl'));
  proven(task, { part: 'Output', fault: `A log and an output have names of ${bytes} bytes`, happened: 'both are read and written' });
});
