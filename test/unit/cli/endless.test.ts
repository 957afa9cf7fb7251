/** Inputs that never end: devices, pipes, standard input. */
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MAX_STREAM_TEXT_BYTES } from '../../../src/base/bounds.ts';
import { open } from '../../../src/cli/api.ts';
import { spool } from '../../../src/platform/node/spool.ts';
import { proven } from '../../helpers/proven.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Report {
  readonly inputs: readonly {
    readonly records: number;
    readonly rollouts: number;
    readonly issues: readonly { readonly code: string }[];
  }[];
}

/** Runs a line of a shell, in which `espalier` is the built program. */
function shell(line: string): { status: number | null; stdout: string; stderr: string; left: string[] } {
  const temporary = mkdtempSync(join(folder, 'tmp-'));
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `espalier() { "${process.execPath}" bin/espalier.mjs "$@"; }; ${line}`], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, TMPDIR: temporary },
  });
  return { status, stdout, stderr, left: readdirSync(temporary) };
}

describe.skipIf(process.platform === 'win32')('a source without an end', () => {
  it.each([
    ['/dev/zero', 'espalier inspect /dev/zero --json', 'binary'],
    ['/dev/urandom', 'espalier inspect /dev/urandom --json', null],
    ['yes', 'yes | espalier inspect /dev/stdin --json', 'not-json'],
    ['a named pipe', `mkfifo ${folder}/p; yes > ${folder}/p & espalier inspect ${folder}/p --json`, 'not-json'],
  ])('that holds no log ends with one issue: %s', { timeout: 120_000 }, (_, line, code) => {
    const { status, stdout, left } = shell(line);
    const { inputs } = JSON.parse(stdout) as Report;
    expect(inputs).toMatchObject([{ records: 1, rollouts: 0, issues: [code === null ? {} : { code }] }]);
    expect(status).toBe(1);
    expect(left).toEqual([]);
  });
  it('of records is read up to the bound, with an issue that has the number', async ({ task }) => {
    const record = Buffer.from(
      `${JSON.stringify({
        messages: [
          { role: 'user', content: 'Which plums?' },
          { role: 'assistant', content: 'The ripe ones.' },
        ],
      })}\n`,
    );
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield record;
    }
    for (const inMemory of [1 << 20, 10]) {
      const bytes = 100 * record.length + 20;
      const file = await spool('pipe.jsonl', endless(), { bytes, inMemory });
      const dataset = await open([file]);
      expect(dataset.facts().inputs).toMatchObject([{ records: 102, rollouts: 100, issueCount: 2 }]);
      expect(dataset.issues().map(({ code, address }) => [code, address.start])).toEqual([
        ['too-large', bytes],
        ['torn-line', 100 * record.length],
      ]);
    }
    const happened = 'an issue with the bound in bytes; 102 records = 100 rollouts + 2 issues, the torn last line among them';
    proven(task, { part: 'Bounds', fault: 'A pipe of records never ends', happened });
  });
  it('of text is read no further than it takes to see that', async ({ task }) => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given += 1 << 16;
        yield Buffer.alloc(1 << 16, 'plums\n');
      }
    }
    const { source } = await spool('pipe', endless());
    expect(source.byteLength).toBe(MAX_STREAM_TEXT_BYTES);
    expect(given).toBe(MAX_STREAM_TEXT_BYTES);
    const happened = `reading ends after ${given.toLocaleString('en')} bytes; an issue, as of a file that is no log`;
    proven(task, { part: 'Bounds', fault: 'A pipe of text that is no JSON never ends', happened });
  });
  it('is not read whole either where a flag names it', () => {
    const log = 'public/samples/orchard.jsonl';
    for (const flag of ['--mapping', '--tokenizer']) {
      const { status, stderr } = shell(`espalier inspect ${log} ${flag} /dev/zero`);
      expect(stderr).toBe(`espalier: ${flag}: expected at most 67,108,864 bytes from a pipe or device, found more at /dev/zero\n`);
      expect(status).toBe(2);
    }
    const { status, stderr } = shell(`espalier inspect ${log} --mapping <(echo '{"no": "mapping"}')`);
    expect([status, stderr.startsWith('espalier: --mapping: ')]).toEqual([2, true]);
  });
  it('whose scratch file cannot be kept leaves none', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(100, '{');
      throw new Error('the pipe broke');
    }
    await expect(spool('broken', broken(), { inMemory: 10 })).rejects.toThrow('the pipe broke');
  });
});

it('does not write over an input by another name of it', () => {
  const log = join(folder, 'log.jsonl');
  const content = readFileSync('public/samples/orchard.jsonl');
  writeFileSync(log, content);
  mkdirSync(join(folder, 'out'));
  linkSync(log, join(folder, 'out/nodes.csv'));
  const { status, stderr } = shell(`espalier inspect ${log} --nodes ${folder}/out/nodes.csv`);
  expect(stderr).toContain('--nodes: ');
  expect(stderr).toContain('is an input and would be overwritten');
  expect(status).toBe(2);
  expect(readFileSync(log).equals(content)).toBe(true);
});
