/** What the command takes of memory for small files that stand for gigabytes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { proven } from '../../helpers/proven.ts';
import { zstdRun } from '../../helpers/zstdFrame.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Megabytes of memory that a bomb may take: an ordinary log takes half of them. */
const MOST = 500;

describe('espalier inspect of a bomb', () => {
  const preload = join(folder, 'memory.cjs');
  writeFileSync(preload, "process.on('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS}`));");
  const inspect = (file: string): { status: number | null; stdout: string; megabytes: number; left: string[] } => {
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const args = ['--require', preload, 'bin/espalier.mjs', 'inspect', file, '--json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, TMPDIR: temporary } });
    return { status, stdout, megabytes: Number(/peak (\d+)$/.exec(stderr)?.[1]) / 1000, left: readdirSync(temporary) };
  };
  const run = (byte: string): Uint8Array => zstdRun(byte.charCodeAt(0), 1 << 17, 23_000, [0x00, 0x58]);
  it.each([
    ['zeros', 'zst', run('\0'), ['binary']],
    ['one letter', 'zst', run('a'), ['too-large', 'not-json']],
    ['brackets', 'zst', zstdRun(0x5b, 1 << 17, 400, [0x00, 0x58]), ['torn-document']],
    ['zeros', 'gz', gzipSync(Buffer.alloc(200_000_000)), ['binary']],
  ])('of %s in .%s ends in little memory', { timeout: 240_000 }, (name, ending, bytes, codes) => {
    const file = join(folder, `${name}.${ending}`);
    writeFileSync(file, bytes);
    const { status, stdout, megabytes, left } = inspect(file);
    const { inputs } = JSON.parse(stdout) as { inputs: { records: number; issues: { code: string }[] }[] };
    expect(inputs[0]?.issues.map(({ code }) => code)).toEqual(codes);
    expect(inputs[0]?.records).toBe(codes.length);
    expect(status).toBe(1);
    expect(left).toEqual([]);
    expect(megabytes).toBeLessThan(MOST);
  });
  it('is told', ({ task }) => {
    const { length } = run('a');
    const happened = `an issue at the member; the command's memory stays below ${MOST} MB, and its scratch file is removed`;
    proven(task, { part: 'Bounds', fault: `A .zst of ${length.toLocaleString('en')} bytes stands for 3 GB of one letter`, happened });
  });
});
