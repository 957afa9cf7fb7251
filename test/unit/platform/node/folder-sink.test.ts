/** Files of an export in a folder: all or none, by one run at a time. */
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExportSink } from '../../../../src/core/export/sink.ts';
import { FolderInUse, writeFileAt, writeIntoFolder } from '../../../../src/platform/node/folder-sink.ts';
import { proven } from '../../../helpers/proven.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espalier-sink-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const write = async (sink: ExportSink, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) {
    const file = await sink.open(name);
    await file.write(new TextEncoder().encode(text));
    await file.close();
  }
};

describe('a folder that is written to', () => {
  it('has all files once all are written, those in folders too, and nothing else', async () => {
    const seen: string[][] = [];
    await writeIntoFolder(folder, 'manifest.json', async (sink) => {
      await write(sink, { 'a.jsonl': '1', 'b/train.jsonl': '2', 'manifest.json': '3' });
      seen.push(readdirSync(folder));
    });
    expect(seen).toEqual([['.espalier-unfinished']]);
    expect(readdirSync(folder).sort()).toEqual(['a.jsonl', 'b', 'manifest.json']);
    expect([read('a.jsonl'), read('b/train.jsonl'), read('manifest.json')]).toEqual(['1', '2', '3']);
  });

  it('stays as it was where a run fails', async ({ task }) => {
    writeFileSync(join(folder, 'a.jsonl'), 'old');
    writeFileSync(join(folder, 'manifest.json'), 'old too');
    const failed = writeIntoFolder(folder, 'manifest.json', async (sink) => {
      await write(sink, { 'a.jsonl': 'new' });
      throw new Error('no more room');
    });
    await expect(failed).rejects.toThrow('no more room');
    expect(readdirSync(folder).sort()).toEqual(['a.jsonl', 'manifest.json']);
    expect([read('a.jsonl'), read('manifest.json')]).toEqual(['old', 'old too']);
    proven(task, { part: 'Output', fault: 'An export fails half-way', happened: 'the folder is byte for byte what it was' });
  });

  it.skipIf(process.platform !== 'linux')('holds no file open where a run fails inside one', async () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let i = 0; i < 5; i++) {
      const failed = writeIntoFolder(folder, 'manifest.json', async (sink) => {
        const file = await sink.open('a.jsonl');
        await file.write(new TextEncoder().encode('torn'));
        throw new Error('no more room');
      });
      await expect(failed).rejects.toThrow('no more room');
    }
    expect(open()).toBe(before);
  });

  it('has no manifest of an earlier run beside files of this one', async () => {
    writeFileSync(join(folder, 'manifest.json'), 'old');
    // A folder of that name is in the way, so the renaming stops behind the manifest and before it.
    mkdirSync(join(folder, 'z.jsonl'));
    writeFileSync(join(folder, 'z.jsonl/x'), '');
    await expect(
      writeIntoFolder(folder, 'manifest.json', (sink) => write(sink, { 'a.jsonl': 'new', 'z.jsonl': 'new', 'manifest.json': 'new' })),
    ).rejects.toThrow();
    expect(readdirSync(folder).sort()).toEqual(['a.jsonl', 'z.jsonl']);
  });

  it('does not write through a link to another file', async () => {
    writeFileSync(join(folder, 'input.jsonl'), 'precious');
    linkSync(join(folder, 'input.jsonl'), join(folder, 'tokens.jsonl'));
    await writeIntoFolder(folder, 'manifest.json', (sink) => write(sink, { 'tokens.jsonl': 'new' }));
    expect([read('input.jsonl'), read('tokens.jsonl')]).toEqual(['precious', 'new']);
  });

  it('is one run’s at a time', async () => {
    await writeIntoFolder(folder, 'manifest.json', async () => {
      const second = writeIntoFolder(folder, 'manifest.json', (sink) => write(sink, { 'a.jsonl': 'second' }));
      await expect(second).rejects.toThrow(FolderInUse);
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a run that was killed', async () => {
    const left = join(folder, '.espalier-unfinished');
    mkdirSync(left);
    writeFileSync(join(left, 'tokens.jsonl'), 'torn');
    // Nobody can say who began it.
    await expect(writeIntoFolder(folder, 'manifest.json', () => Promise.resolve())).rejects.toThrow('if none does, remove');
    // It was another machine's, which may be running still.
    writeFileSync(join(left, 'process'), `${2 ** 22 + 1}\nelsewhere`);
    await expect(writeIntoFolder(folder, 'manifest.json', () => Promise.resolve())).rejects.toThrow(FolderInUse);
    writeFileSync(join(left, 'process'), `${2 ** 22 + 1}\n${hostname()}`);
    await writeIntoFolder(folder, 'manifest.json', (sink) => write(sink, { 'a.jsonl': 'new' }));
    expect(readdirSync(folder)).toEqual(['a.jsonl']);
  });
});

it('a single file comes as a whole or not at all', async () => {
  const path = join(folder, 'part.curve');
  writeFileSync(path, 'old');
  await expect(
    writeFileAt(path, async (sink) => {
      await write(sink, { any: 'new' });
      throw new Error('torn');
    }),
  ).rejects.toThrow('torn');
  expect([readdirSync(folder), read('part.curve')]).toEqual([['part.curve'], 'old']);
  await writeFileAt(path, (sink) => write(sink, { any: 'new' }));
  expect([readdirSync(folder), read('part.curve')]).toEqual([['part.curve'], 'new']);
});
