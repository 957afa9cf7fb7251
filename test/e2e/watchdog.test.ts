/** The command line while a parse thread hangs: one bad record costs no other, and a signal ends the run with nothing left behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it, vi } from 'vitest';
import { conversations, ENDLESS_TEXT, HANGING } from '../helpers/hangingTokenizer.ts';
import { proven } from '../helpers/proven.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'tokenizer.json'), HANGING.json);
writeFileSync(join(folder, 'log.jsonl'), conversations('one', ENDLESS_TEXT, 'three'));
writeFileSync(join(folder, 'packed.jsonl.gz'), gzipSync(conversations('four', ENDLESS_TEXT)));
writeFileSync(join(folder, 'other.jsonl'), conversations('five', 'six'));

/** Temporary files of the run lie in a folder of its own. */
function inspect(scratch: string, ...files: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<number | string> } {
  const args = ['dist-cli/espalier.mjs', 'inspect', ...files.map((file) => join(folder, file)), '--tokenizer', folder];
  const child = spawn(process.execPath, args, { env: { ...process.env, TMPDIR: scratch }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | string>((resolve) => child.on('close', (code, signal) => resolve(code ?? signal ?? '')));
  return { child, ended };
}

it('names the record on which a regular expression never ends, and reads all others', async ({ task }) => {
  const { child, ended } = inspect(folder, 'log.jsonl', 'other.jsonl');
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await ended;
  expect(said).toContain('log.jsonl  Chat messages');
  expect(said).toContain('3 records = 2 rollouts + 1 with issues');
  expect(said).toContain('2 records = 2 rollouts + 0 with issues');
  expect(said).toMatch(/issue +log\.jsonl:2 \(byte \d+\) stuck: expected an end within \d+ s, found none/);
  proven(task, {
    part: 'Watchdog',
    fault: 'A tokenizer’s regular expression never ends on one of five records, on the command line',
    happened: 'the thread is replaced, that record is an issue with its line and byte; 5 records = 4 rollouts + 1 issue',
  });
});

it('is ended by a signal while a thread hangs, with nothing left behind', async ({ task }) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const scratch = mkdtempSync(join(folder, 'scratch-'));
    const { child, ended } = inspect(scratch, 'packed.jsonl.gz');
    await vi.waitFor(() => expect(readdirSync(scratch).some((name) => name.startsWith('espalier-'))).toBe(true), 60_000);
    // Its thread has begun, and is at the record that never ends.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    child.kill(signal);
    expect([signal, 130, 143]).toContain(await ended);
    expect(readdirSync(scratch)).toEqual([]);
  }
  proven(task, {
    part: 'Watchdog',
    fault: 'SIGINT or SIGTERM while a parse thread hangs, with a packed log unpacked to a scratch file',
    happened: 'the process ends by the signal, and no scratch file is left',
  });
});
