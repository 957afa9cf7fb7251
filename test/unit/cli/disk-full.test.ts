/** A disk that is full, wherever a command writes: a sentence, exit code 74, nothing under a name that means something whole. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { FILE_FAULT } from '../../../src/cli/exit-codes.ts';
import { allIn, espalier } from '../../helpers/espalier.ts';
import { proven } from '../../helpers/proven.ts';
import { makeSmallDisk } from '../../helpers/smallDisk.ts';

const SAMPLE = 'public/samples/orchard.jsonl';
const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
const made = makeSmallDisk(join(folder, 'disk'), '256k');
const noDisk = typeof made === 'string' ? made : null;
const disk = typeof made === 'string' ? null : made;
afterAll(() => {
  disk?.remove();
  rmSync(folder, { recursive: true, force: true });
});
const full = disk?.folder ?? '';
const FULL = 'the disk is full (ENOSPC)';

const log = readFileSync(SAMPLE);
const long = join(folder, 'long.jsonl');
const packed = join(folder, 'log.jsonl.gz');
writeFileSync(long, Buffer.concat(Array.from({ length: 5 }, () => log)));
writeFileSync(packed, gzipSync(log));

describe.skipIf(noDisk !== null)(`a small disk (${noDisk ?? 'there is one'})`, () => {
  it.each([
    ['what is unpacked', ['inspect', packed, '--json'], undefined],
    ['what comes in by standard input', ['inspect', '-', '--json'], readFileSync(long)],
    ['what a run in parts puts aside', ['prune', SAMPLE, '--preset', 'cheapest', '--stream', '--out', join(folder, 'never')], undefined],
  ])('has no room for %s', (what, args, input) => {
    const { status, stdout, stderr } = espalier(args, { env: { TMPDIR: full }, ...(input === undefined ? {} : { input }) });
    expect([what, status, stdout, stderr.split('\n').filter((line) => line.startsWith('espalier:'))]).toEqual([
      what,
      FILE_FAULT,
      '',
      [`espalier: cannot write temporary files to ${full} (TMPDIR names another folder): ${FULL}`],
    ]);
    expect(allIn(full)).toEqual([]);
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  it('has no room for an export, and holds nothing of it, or all of the one before', ({ task }) => {
    const out = join(full, 'set');
    const prune = (budget: string) => espalier(['prune', SAMPLE, '--preset', 'none', '--budget', budget, '--out', out]);
    expect(prune('90%')).toMatchObject({ status: FILE_FAULT, stderr: expect.stringContaining(`: ${FULL}\n`) as string });
    expect(allIn(full)).toEqual([]);
    expect(espalier(['prune', SAMPLE, '--preset', 'none', '--budget', '1%', '--export', 'messages', '--out', out]).status).toBe(0);
    const before = allIn(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]);
    expect(before.map(([name]) => name)).toEqual(['manifest.json', 'messages.jsonl']);
    expect(prune('90%').status).toBe(FILE_FAULT);
    expect(allIn(out).map((name) => [name, readFileSync(join(out, name), 'utf8')])).toEqual(before);
    rmSync(out, { recursive: true });
    proven(task, {
      part: 'Faults',
      fault: 'The disk is full in mid-export',
      happened: `exit code ${FILE_FAULT}, "${FULL}"; the two files of the export before are byte for byte what they were`,
    });
  });

  it('has no room for single files either', () => {
    const chat = join(folder, 'chat.jsonl');
    writeFileSync(chat, readFileSync('public/samples/orchard-chat.jsonl', 'utf8').split('\n')[0] ?? '');
    writeFileSync(join(full, 'filler'), Buffer.alloc(252 << 10));
    const curves = join(folder, 'a.curve');
    expect(espalier(['curve', SAMPLE, '--preset', 'none', '--budget', '30%', '--out', curves]).status).toBe(0);
    for (const [name, args] of [
      ['nodes.csv', ['inspect', SAMPLE, '--nodes']],
      ['a.curve', ['curve', SAMPLE, '--preset', 'none', '--budget', '30%', '--out']],
      ['report.html', ['evaluate', SAMPLE, '--budgets', '30%', '--strategies', 'none', '--seeds', '1', '--out']],
      ['a.scores', ['score', chat, '--out']],
    ] as const) {
      const path = join(full, name);
      const { status, stderr } = espalier([...args, path]);
      expect([name, status, stderr]).toEqual([name, FILE_FAULT, expect.stringContaining(`espalier: cannot write to ${path}: ${FULL}\n`)]);
      expect(allIn(full)).toEqual(['filler']);
    }
    rmSync(join(full, 'filler'));
  });
});

describe.skipIf(process.platform === 'win32')('without a disk of its own', () => {
  it('ends likewise where files may not grow', ({ task }) => {
    const out = join(folder, 'limited');
    const { status, stderr } = espalier(['prune', SAMPLE, '--preset', 'none', '--budget', '50%', '--out', out], {
      before: 'ulimit -f 100;',
    });
    expect(status).toBe(FILE_FAULT);
    expect(stderr).toMatch(/espalier: cannot write to \S+\.jsonl: files may not grow that large here \(EFBIG\)\n$/);
    expect(existsSync(out)).toBe(false);
    proven(task, { part: 'Faults', fault: 'Files may not grow beyond a limit', happened: `exit code ${status}; the folder was not made` });
  });
  it.skipIf(!existsSync('/dev/full'))('says that standard output is full', () => {
    for (const command of ['inspect', 'tasks'])
      expect(espalier([command, SAMPLE], { behind: '> /dev/full' })).toEqual({
        status: FILE_FAULT,
        signal: null,
        stdout: '',
        stderr: `espalier: cannot write to standard output: ${FULL}\n`,
      });
  });
  it.skipIf(!existsSync('/dev/full'))('leaves a device where a file was to be a device', () => {
    const { status, stderr } = espalier(['inspect', SAMPLE, '--nodes', '/dev/full']);
    expect([status, stderr]).toEqual([FILE_FAULT, `espalier: cannot write to /dev/full: ${FULL}\n`]);
    expect(espalier(['inspect', SAMPLE, '--nodes', '/dev/null']).status).toBe(0);
    expect(existsSync('/dev/null.unfinished')).toBe(false);
    expect(espalier(['inspect', SAMPLE, '--nodes', '/dev/stdout'], { behind: '| cat' }).stdout).toContain('task,node,parent');
  });
});
