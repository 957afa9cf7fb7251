/** The table of exit codes: in the help, in docs/cli.md, and as runs end. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT_CODES, EXIT_HELP } from '../../../src/cli/exit-codes.ts';
import { processMark } from '../../../src/platform/node/process-mark.ts';
import { allIn, espalier, startEspalier, until } from '../../helpers/espalier.ts';
import { proven } from '../../helpers/proven.ts';
import { rewritesBeforeExport } from '../../helpers/rewrites.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

it('the help ends with the table, and so do the documents', () => {
  const { stdout } = espalier(['--help']);
  expect(stdout.endsWith(EXIT_HELP)).toBe(true);
  expect(readFileSync('docs/cli.md', 'utf8')).toContain(EXIT_HELP);
});

describe('every code of the table', () => {
  const seen = new Set<number>();
  const half = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n{"messages":';
  it('is how a run ends', async ({ task }) => {
    writeFileSync(at('none.jsonl'), '{"x":1}\n');
    writeFileSync(at('half.jsonl'), half);
    // A run of this machine that has not ended: this test.
    mkdirSync(join(at('busy'), '.espalier-unfinished'), { recursive: true });
    writeFileSync(join(at('busy'), '.espalier-unfinished', 'process'), processMark());
    const runs: readonly (readonly [code: number, args: readonly string[], behind?: string])[] = [
      [0, ['inspect', SAMPLE]],
      [0, ['inspect', SAMPLE], '| true'],
      [1, ['inspect', at('none.jsonl')]],
      [1, ['score', SAMPLE, '--model', folder, '--out', at('a.scores')]],
      [2, ['inspect', at('nowhere.jsonl')]],
      [2, ['inspect', '--nonsense']],
      [3, ['inspect', at('half.jsonl'), '--strict']],
      [74, ['tasks', SAMPLE], '> /dev/full'],
      [75, ['prune', SAMPLE, '--preset', 'rl', '--out', at('busy')]],
    ];
    for (const [code, args, behind] of runs) {
      const { status, stderr } = espalier(args, behind === undefined ? {} : { behind });
      expect([args, status]).toEqual([args, code]);
      expect(stderr).not.toMatch(/\n\s+at /);
      seen.add(code);
    }
    expect(allIn(at('busy'))).toEqual(['.espalier-unfinished', '.espalier-unfinished/process']);
    const [changes, other] = [at('changes.jsonl'), at('other.jsonl')];
    const record = (answer: string): string =>
      JSON.stringify({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: answer },
        ],
      });
    writeFileSync(changes, record('pear'));
    writeFileSync(other, record('plum'));
    const env = { NODE_OPTIONS: `--import ${rewritesBeforeExport(folder, changes, other)}` };
    expect(espalier(['prune', changes, '--budget', '60%', '--out', at('changed')], { env }).status).toBe(65);
    seen.add(65);
    for (const [code, signal] of [
      [129, 'SIGHUP'],
      [130, 'SIGINT'],
      [143, 'SIGTERM'],
    ] as const) {
      const temporary = at(signal);
      mkdirSync(temporary);
      const { child, ended } = startEspalier(['inspect', '-'], { TMPDIR: temporary });
      child.stdin?.on('error', () => undefined);
      child.stdin?.write(Buffer.alloc(9 << 20, half));
      await until('there are temporary files', () => allIn(temporary).some((name) => name.endsWith('input')));
      child.kill(signal);
      // A shell tells a signal as 128 and its number.
      expect(await ended).toMatchObject({ signal, status: null, stdout: '', stderr: '' });
      expect(allIn(temporary)).toEqual([]);
      seen.add(code);
    }
    // Of a defect none is known.
    expect(EXIT_CODES.map(([code]) => code).filter((code) => !seen.has(code))).toEqual([70]);
    proven(task, {
      part: 'Output',
      fault: 'Every way for a command to end',
      happened: `${seen.size} of ${EXIT_CODES.length} exit codes were seen, each as the table says; of a defect (70) none is known`,
    });
  });
});
