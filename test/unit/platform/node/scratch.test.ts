/** Scratch files go when the process does, and input that can be read once is not copied for every job. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { build } from 'vite';
import { removeScratch, scratchPath } from '../../../../src/platform/node/scratch.ts';
import { spool } from '../../../../src/platform/node/spool.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* chunksOf(length: number, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += size) yield Uint8Array.from({ length: Math.min(size, length - at) }, (_, i) => letter(at + i));
}

const scratchFiles = (): string[] => readdirSync(dirname(scratchPath('any'))).sort();

/** No byte of it is zero. */
const letter = (index: number): number => 32 + (index % 90);

describe('input that can be read once', () => {
  it.each([
    ['in memory where it is short', 1000, false],
    ['in a file, which threads open themselves, where it is long', 100_000, true],
    ['empty', 0, false],
  ])('lies %s', async (_, length, inFile) => {
    const { path, source, handle } = await spool('-', chunksOf(length, 333), { inMemory: 5000 });
    const expected = Uint8Array.from({ length }, (__, i) => letter(i));
    expect([path, source.name, source.byteLength]).toEqual(['-', '-', length]);
    expect(Buffer.from(await source.read(0, length)).equals(expected)).toBe(true);
    expect('path' in handle).toBe(inFile);
    if ('path' in handle) expect(readFileSync(handle.path).equals(expected)).toBe(true);
  });

  it('is written whole and in order where more comes while it is written', async () => {
    const length = 5_000_003;
    const { handle } = await spool('-', chunksOf(length, 700_001), { inMemory: 5000, textBytes: Infinity });
    const expected = Uint8Array.from({ length }, (_, i) => letter(i));
    expect('path' in handle && readFileSync(handle.path).equals(expected)).toBe(true);
  });

  it('leaves nothing where the stream breaks off', async () => {
    const before = scratchFiles();
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* chunksOf(3_000_000, 500_000);
      throw new Error('it broke off');
    }
    await expect(spool('-', broken(), { inMemory: 5000 })).rejects.toThrow('it broke off');
    expect(scratchFiles()).toEqual(before);
  });
});

describe('the scratch folder', () => {
  const script = join(folder, 'scratch', 'main.mjs');
  const temporary = mkdtempSync(join(folder, 'tmp-'));
  /** How a process ends that holds a scratch file, and what is left of its folder. */
  const endBy = async (signal: NodeJS.Signals | null): Promise<{ ended: unknown; left: string[]; during: number }> => {
    const child = spawn(process.execPath, [script, signal === null ? 'end' : 'wait'], { env: { ...process.env, TMPDIR: temporary } });
    const ended = new Promise<unknown>((resolve) => child.on('exit', (code, by) => resolve(by ?? code)));
    await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    const during = readdirSync(temporary).length;
    if (signal !== null) child.kill(signal);
    else child.stdin.end('go');
    return { ended: await ended, left: readdirSync(temporary), during };
  };
  it('is removed at the end and by Ctrl-C, and the signal still ends the process', { timeout: 60_000 }, async () => {
    const entry = join(folder, 'main.ts');
    writeFileSync(
      entry,
      `import { writeFileSync } from 'node:fs';
import { scratchPath } from '${join(process.cwd(), 'src/platform/node/scratch.ts')}';
writeFileSync(scratchPath('held'), 'something');
process.stdout.write('held');
process.stdin.once('data', () => process.exit(0));
`,
    );
    await build({
      configFile: false,
      logLevel: 'error',
      build: { ssr: entry, outDir: join(folder, 'scratch'), target: 'node20', rolldownOptions: { output: { entryFileNames: 'main.mjs' } } },
    });
    expect(await endBy(null)).toEqual({ ended: 0, left: [], during: 1 });
    expect(await endBy('SIGINT')).toEqual({ ended: 'SIGINT', left: [], during: 1 });
    expect(await endBy('SIGTERM')).toEqual({ ended: 'SIGTERM', left: [], during: 1 });
    // Nothing can be done at a kill; whoever comes next removes what was left.
    const killed = await endBy('SIGKILL');
    expect(killed).toMatchObject({ ended: 'SIGKILL', during: 1, left: [expect.stringMatching(/^espalier-\d+-\w{6}$/)] });
    expect(await endBy(null)).toMatchObject({ left: [] });
    // What has no mark, or that of a machine whose processes nobody here sees, goes a day later.
    const [unmarked, far] = ['espalier-4194305-abcdef', 'espalier-4194305-ghijkl'];
    for (const name of [unmarked, far]) mkdirSync(join(temporary, name));
    writeFileSync(join(temporary, far, 'process'), '4194305\nelsewhere\n');
    expect(await endBy(null)).toMatchObject({ left: [unmarked, far] });
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    const others = [`espalier-${process.pid}-abcdef`, 'espalier-abcdef', 'espalier-test-abcdef'];
    const yesterday = Date.now() / 1000 - 25 * 3600;
    for (const name of [...others, `espalier-${dead}-abcdef`]) mkdirSync(join(temporary, name));
    for (const name of readdirSync(temporary)) utimesSync(join(temporary, name), yesterday, yesterday);
    expect(await endBy(null)).toMatchObject({ ended: 0, left: others.toSorted((a, b) => (a < b ? -1 : 1)) });
  });
  it('can be removed before, is made anew after, and takes any name', () => {
    const paths = ['a/b.jsonl', '..', 'x'.repeat(400), 'a\0b'].map((name) => scratchPath(name));
    for (const path of paths) writeFileSync(path, 'something');
    removeScratch();
    for (const path of paths) expect(() => readFileSync(path)).toThrow('ENOENT');
    const next = scratchPath('a');
    writeFileSync(next, 'more');
    expect(readFileSync(next, 'utf8')).toBe('more');
  });
});
