/** A short run of the fuzzer, as `npm run fuzz` starts it: it finds nothing. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { proven } from '../../helpers/proven.ts';

const EXECUTIONS = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'espalier-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('finds nothing', { timeout: 900_000 }, ({ task }) => {
  const report = join(folder, 'report.md');
  const args = ['scripts/fuzz.mjs', '--executions', String(EXECUTIONS), '--seed', '11', '--state', folder, '--report', report];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const found = stdout.split('\n').filter((line) => line.startsWith('found:'));
  expect({ status, found, said: status === 0 ? '' : stderr }).toEqual({ status: 0, found: [], said: '' });
  const [, executions, readers] = /^([\d,]+) executions of (\d+) readers, 0 findings, seed 11$/m.exec(stdout) ?? [];
  expect(executions).toBe(EXECUTIONS.toLocaleString('en'));
  const text = readFileSync(report, 'utf8');
  expect(text).toMatch(/^\| formats\/dialects \| [\d,]+ \| [\d,]+ \| \d+ % \|$/m);
  expect(text).toMatch(/^\| format verl \| /m);
  proven(task, {
    part: 'Input',
    fault: 'changed inputs for every reader, every file of our own and the address, from a fixed seed',
    happened: `${executions} executions of ${readers} readers; records added up, texts were in the tree, exports opened alike`,
  });
});
