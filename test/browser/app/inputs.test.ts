/** Drops of files and folders, pastes, and the sorting of what arrived. */
import { describe, expect, it } from 'vitest';
import { sortPicked, templateName } from '../../../src/app/views/entry/sort-picked.ts';
import { readDrop, readFileList, readPaste, walkEntries } from '../../../src/platform/browser/inputs.ts';
import type { Entry } from '../../../src/platform/browser/inputs.ts';

/** Entries as a browser hands them out: files know their path, folders hand out at most `batch` children at a time. */
function fileEntry(fullPath: string) {
  const name = fullPath.slice(fullPath.lastIndexOf('/') + 1);
  return { isFile: true, isDirectory: false, fullPath, file: (done: (file: File) => void) => done(new File([fullPath], name)) };
}

function folderEntry(fullPath: string, children: readonly Entry[], batch = 100) {
  let at = 0;
  const readEntries = (done: (some: Entry[]) => void): void => done(children.slice(at, (at += batch)));
  return { isFile: false, isDirectory: true, fullPath, createReader: () => ({ readEntries }) };
}

const item = (entry: Entry | null, file: File | null = null) => ({ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => file });

describe('a drop', () => {
  it('keeps the paths below a dropped folder', async () => {
    const run = folderEntry('/run', [fileEntry('/run/b.jsonl'), folderEntry('/run/step 1', [fileEntry('/run/step 1/a.jsonl')])]);
    const { files } = await readDrop([item(run), item(fileEntry('/loose.jsonl'))]);
    expect(files.map((file) => file.path)).toEqual(['loose.jsonl', 'run/b.jsonl', 'run/step 1/a.jsonl']);
    expect(await files[2].blob.text()).toBe('/run/step 1/a.jsonl');
  });

  it('keeps files of one name in the order in which they were dropped', async () => {
    const named = (text: string) => ({ ...fileEntry('/a.jsonl'), file: (done: (file: File) => void) => done(new File([text], 'a.jsonl')) });
    const { files } = await readDrop([item(named('first')), item(named('second')), item(named('third'))]);
    expect(await Promise.all(files.map((file) => file.blob.text()))).toEqual(['first', 'second', 'third']);
  });

  it('keeps no handle where the browser gives none', async () => {
    const given = { name: 'a.jsonl' } as FileSystemHandle;
    const withHandle = (handle: FileSystemHandle | null | undefined) => ({
      ...item(fileEntry('/a.jsonl')),
      getAsFileSystemHandle: () => Promise.resolve(handle),
    });
    const dropped = await readDrop([
      withHandle(undefined),
      withHandle(null),
      withHandle(given),
      { ...item(fileEntry('/a.jsonl')), getAsFileSystemHandle: () => Promise.reject(new Error('no')) },
    ]);
    expect(dropped.handles).toEqual([given]);
  });

  it('asks a folder again until it has no more children', async () => {
    const many = Array.from({ length: 250 }, (_, i) => fileEntry(`/run/${String(i).padStart(3, '0')}.jsonl`));
    expect((await walkEntries([folderEntry('/run', many)])).length).toBe(250);
  });

  it('goes into folders of any depth', async () => {
    let path = '/deep';
    const paths = Array.from({ length: 3000 }, () => (path += '/d'));
    let entry: Entry = fileEntry(`${paths.at(-1)}/end.jsonl`);
    for (const folder of paths.toReversed()) entry = folderEntry(folder, [entry]);
    expect((await walkEntries([entry])).length).toBe(1);
  });

  it('falls back to files where there are no entries, and skips text', async () => {
    const plain = { kind: 'file', getAsFile: () => new File(['x'], 'plain.jsonl') };
    const text = { kind: 'string', getAsFile: () => null };
    expect((await readDrop([plain, text])).files.map((file) => file.path)).toEqual(['plain.jsonl']);
  });
});

describe('a paste', () => {
  it('takes text as one file', async () => {
    const data = new DataTransfer();
    data.setData('text/plain', '{"messages":[]}\n');
    const files = readPaste(data);
    expect(files?.map((file) => file.path)).toEqual(['pasted.jsonl']);
    expect(await files?.[0].blob.text()).toBe('{"messages":[]}\n');
  });

  it('takes files before text, and nothing from an empty one', () => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'log.jsonl'));
    expect(readPaste(data)?.map((file) => file.path)).toEqual(['log.jsonl']);
    expect(readPaste(new DataTransfer())).toBeNull();
  });
});

it('tells a tokenizer, a mapping and clutter from logs', () => {
  const names = [
    'run/.DS_Store',
    'model/tokenizer.json',
    'model/tokenizer_config.json',
    'model/chat_template.jinja',
    'model/additional_chat_templates/tool_use.jinja',
    'my.mapping.json',
    'run/a.jsonl',
  ];
  const sorted = sortPicked(readFileList(names.map((name) => new File([name], name))));
  expect(sorted.logs.map((file) => file.path)).toEqual(['run/a.jsonl']);
  expect(sorted.tokenizer?.path).toBe('model/tokenizer.json');
  expect(sorted.tokenizerConfig?.path).toBe('model/tokenizer_config.json');
  expect(sorted.chatTemplates.map(({ path }) => [path, templateName(path, 'model/tokenizer.json')])).toEqual([
    ['model/additional_chat_templates/tool_use.jinja', 'tool_use'],
    ['model/chat_template.jinja', 'default'],
  ]);
  expect(sorted.mapping?.path).toBe('my.mapping.json');
});
