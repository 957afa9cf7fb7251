/** A reader that has enough, and permissions and folders that are gone while a command runs. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CHANGED, DONE, FILE_FAULT, USAGE } from '../../../src/cli/exit-codes.ts';
import { allIn, espalier, startEspalier, until } from '../../helpers/espalier.ts';
import { proven } from '../../helpers/proven.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const long = join(folder, 'long.jsonl');
writeFileSync(long, Buffer.concat(Array.from({ length: 10 }, () => readFileSync(SAMPLE))));

describe.skipIf(process.platform === 'win32')('a closed pipe', () => {
  it.each([
    [['inspect', long], '| head -1', 1],
    [['inspect', long, '--json'], '| head -c 10', 1],
    [['tasks', long], '| head -2', 2],
    [['tasks', long], '| true', 0],
    [['--help'], '| true', 0],
  ])('ends a command quietly: %s %s', (args, behind, lines) => {
    const { status, stdout, stderr } = espalier(args, { behind });
    expect([status, stderr, stdout.split(/(?<=.)\n|$/).filter((line) => line !== '').length]).toEqual([DONE, '', lines]);
  });

  it('of results or of notes keeps no file from being written whole', ({ task }) => {
    const nodes = join(folder, 'nodes.csv');
    expect(espalier(['inspect', SAMPLE, '--nodes', nodes]).status).toBe(DONE);
    const whole = readFileSync(nodes);
    rmSync(nodes);
    expect(espalier(['inspect', SAMPLE, '--nodes', nodes], { behind: '| true' })).toMatchObject({ status: DONE, stderr: '' });
    expect(readFileSync(nodes)).toEqual(whole);
    const prune = (out: string, behind?: string) =>
      espalier(['prune', SAMPLE, '--preset', 'rl', '--lines', '--out', join(folder, out)], behind === undefined ? {} : { behind });
    expect(prune('a').status).toBe(DONE);
    expect(prune('b', '2>&1 | true')).toMatchObject({ status: DONE, stderr: '', stdout: '' });
    const names = allIn(join(folder, 'a'));
    expect(allIn(join(folder, 'b'))).toEqual(names);
    for (const name of names) expect(readFileSync(join(folder, 'b', name))).toEqual(readFileSync(join(folder, 'a', name)));
    proven(task, {
      part: 'Faults',
      fault: 'Nobody reads standard output, or standard error',
      happened: `exit code ${DONE} and not a word; the ${names.length} files of the export are those of a run that is read`,
    });
  });
});

// Builds the command where that is still to be done, and says so.
espalier(['--version']);

/** As a user who may not do everything. */
const asNobody = process.getuid?.() === 0 ? `setpriv --reuid=65534 --clear-groups` : '';
const canBeNobody = espalier(['--version'], { before: asNobody }).status === 0;

describe.skipIf(process.platform === 'win32' || !canBeNobody)('a permission that is not there', () => {
  it('to read an input, or to write to a folder, is told before anything is read', () => {
    chmodSync(folder, 0o755);
    const secret = join(folder, 'secret.jsonl');
    writeFileSync(secret, 'x', { mode: 0o600 });
    if (asNobody === '') chmodSync(secret, 0);
    expect(espalier(['inspect', secret], { before: asNobody })).toMatchObject({
      status: USAGE,
      stderr: `espalier: no permission to read ${secret}\n`,
    });
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o555);
    for (const [args, flag] of [
      [['prune', long, '--preset', 'rl', '--out', join(locked, 'set')], '--out'],
      [['inspect', long, '--nodes', join(locked, 'n.csv')], '--nodes'],
      [['score', long, '--out', join(locked, 'a.scores')], '--out'],
    ] as const)
      expect(espalier(args, { before: asNobody })).toMatchObject({
        status: USAGE,
        stderr: `espalier: ${flag}: cannot write to ${args.at(-1)}: no permission (EACCES)\n`,
      });
    expect(allIn(locked)).toEqual([]);
  });
});

describe('what is gone while a command runs', () => {
  const UNFINISHED = '.espalier-unfinished';
  const exporting = (out: string) => startEspalier(['prune', long, '--preset', 'none', '--budget', '100%', '--out', out]);

  it('is the folder that is written to', async ({ task }) => {
    const out = join(folder, 'gone');
    const { ended } = exporting(out);
    await until('the export begins', () => existsSync(join(out, UNFINISHED)));
    rmSync(out, { recursive: true, force: true, maxRetries: 5 });
    const { status, stderr } = await ended;
    // Where it was gone before the first file, the files find no place; else the renaming does not.
    expect(stderr).toMatch(/espalier: cannot (write to|finish the files in) \S+: it is not there \(ENOENT\)\n$/);
    expect(status).toBe(FILE_FAULT);
    expect(existsSync(join(out, 'manifest.json'))).toBe(false);
    proven(task, { part: 'Faults', fault: 'The folder is removed in mid-export', happened: `exit code ${status}; no file of the export` });
  });

  it('is an input', async ({ task }) => {
    const out = join(folder, 'kept');
    const moved = join(folder, 'moved.jsonl');
    const { ended } = exporting(out);
    await until('the export begins', () => existsSync(join(out, UNFINISHED)));
    renameSync(long, moved);
    try {
      const { status, stderr } = await ended;
      // Whichever comes first: the file is looked at again, or some of it is read.
      const [code, said] = stderr.includes('changed since')
        ? [CHANGED, /espalier: long\.jsonl changed since it was opened: [\d,]+ bytes then, now it cannot be read; open it again\n$/]
        : [FILE_FAULT, /espalier: cannot read \S+long\.jsonl: it is not there \(ENOENT\)\n$/];
      expect(stderr).toMatch(said);
      expect(status).toBe(code);
      expect(existsSync(out)).toBe(false);
    } finally {
      renameSync(moved, long);
    }
    proven(task, {
      part: 'Faults',
      fault: 'An input is removed in mid-export',
      happened: `exit code ${CHANGED} or ${FILE_FAULT} and a sentence; the folder was not made`,
    });
  });
});
