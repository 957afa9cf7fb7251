/** The command where the system lets a process address 4 GB and no more: WebAssembly has no room for its guards there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DONE, FILE_FAULT, USAGE } from '../../../src/cli/exit-codes.ts';
import { allIn, espalier } from '../../helpers/espalier.ts';
import { proven } from '../../helpers/proven.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const CHAT = 'public/samples/orchard-chat.jsonl';
const LIMIT = { before: 'ulimit -v 4194304;' };

// Builds the command where that is still to be done: the builder does not run under such a limit.
espalier(['--version']);

describe.skipIf(process.platform !== 'linux')('under ulimit -v 4194304', { timeout: 180_000 }, () => {
  it('writes the same bytes, from text too, on one thread and on several', ({ task }) => {
    const long = join(folder, 'long.jsonl');
    writeFileSync(long, Buffer.concat(Array.from({ length: 18 }, () => readFileSync(CHAT))));
    let files = 0;
    for (const [name, log] of [
      ['short', CHAT],
      ['long', long],
    ] as const) {
      const [free, limited] = [join(folder, `${name}-free`), join(folder, `${name}-limited`)];
      const prune = (out: string): readonly string[] => ['prune', log, '--preset', 'cheapest', '--out', out];
      expect(espalier(prune(free)).status).toBe(DONE);
      expect(espalier(prune(limited), LIMIT).status).toBe(DONE);
      expect(allIn(limited)).toEqual(allIn(free));
      for (const file of allIn(free)) expect(readFileSync(join(limited, file))).toEqual(readFileSync(join(free, file)));
      files += allIn(free).length;
    }
    proven(task, {
      part: 'Faults',
      fault: 'A process may address 4 GB (ulimit -v 4194304)',
      happened: `exit code ${DONE}; all ${files} files of two exports, of one thread and of several, are those of a run without a limit`,
    });
  });
  it('ends with the same codes', () => {
    expect(espalier(['inspect', 'nowhere'], LIMIT)).toMatchObject({
      status: USAGE,
      stderr: `espalier: no file or folder at ${resolve('nowhere')}\n`,
    });
    expect(espalier(['inspect', CHAT], { ...LIMIT, behind: '> /dev/full' }).status).toBe(FILE_FAULT);
  });
});
