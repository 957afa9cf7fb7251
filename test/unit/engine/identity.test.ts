/** Files that change while they are read or afterwards: said with the file and what changed, and never mixed into an export. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import type { InputFile } from '../../../src/engine/input-file.ts';
import { makeLocalPool, type ParsePool } from '../../../src/engine/pool.ts';
import { makeSession, type Session } from '../../../src/engine/session.ts';
import { intoFolder } from '../../../src/cli/usage.ts';
import { openFileSource } from '../../../src/platform/node/file-source.ts';
import { openHandle } from '../../../src/platform/node/open-handle.ts';
import { unpack } from '../../../src/platform/node/unpack.ts';
import { exportSpec, inputFile, memorySink } from '../../helpers/openSession.ts';
import { proven } from '../../helpers/proven.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const quiet = () => undefined;

const line = (id: number, answer: string): string =>
  `${JSON.stringify({
    id: String(id),
    task_id: 'mill',
    messages: [
      { role: 'user', content: 'Where is the mill?' },
      { role: 'assistant', content: answer },
    ],
  })}\n`;
const log = (records: number, answer = 'By the river.'): string =>
  Array.from({ length: records }, (_, i) => line(i, `${answer} ${i}`)).join('');

async function fileAt(name: string, text: string): Promise<InputFile & { readonly at: string }> {
  const at = join(folder, name);
  writeFileSync(at, text);
  return { path: name, source: await openFileSource(at), handle: { path: at }, at };
}

async function opened(files: readonly InputFile[], pool: ParsePool = makeLocalPool(openHandle)): Promise<Session> {
  const session = makeSession({ pool, unpack });
  await session.open(files, DEFAULT_OPEN_SETTINGS, quiet);
  return session;
}

const accounts = (session: Session) =>
  session.facts().inputs.map(({ records, rollouts, issueCount }) => `${records} = ${rollouts} + ${issueCount}`);
const issuesOf = (session: Session) => session.issues(0, 1000).issues.map(({ file, code, found }) => `${file}: ${code}, ${found}`);
const exportTo = (session: Session, sink = memorySink(), ...profiles: string[]) =>
  session.export(session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, exportSpec(...profiles), sink, quiet);
/** A pool that does something before its first job. */
const poolAfter = (act: () => void): ParsePool => {
  const pool = makeLocalPool(openHandle);
  let isDone = false;
  return {
    ...pool,
    parse(job, handle, onReply) {
      if (!isDone) act();
      isDone = true;
      return pool.parse(job, handle, onReply);
    },
  };
};

describe('a file that changes while it is read', () => {
  it.each([
    ['shrinks by half', 0.5],
    ['shrinks to nothing', 0],
  ])('and %s is an issue with both lengths', async (what, share) => {
    const file = await fileAt('shrinks.jsonl', log(400));
    const { size } = statSync(file.at);
    const left = Math.floor(size * share);
    const session = await opened(
      [file],
      poolAfter(() => truncateSync(file.at, left)),
    );
    const [account = ''] = accounts(session);
    const [records, rollouts, issues] = account.split(/ = | \+ /).map(Number);
    expect(records).toBe(rollouts + issues);
    expect(issuesOf(session)[0]).toBe(
      `shrinks.jsonl: changed-file, changed since it was opened: ${size.toLocaleString('en')} bytes then, ${left.toLocaleString('en')} now`,
    );
    await expect(exportTo(session)).rejects.toThrow(/^shrinks\.jsonl changed since it was opened/);
    expect(what).not.toBe('');
  });
  it('or before anything of it is read, is one record with an issue', async ({ task }) => {
    const file = await fileAt('nothing.jsonl', log(20));
    const then = statSync(file.at).size.toLocaleString('en');
    truncateSync(file.at);
    const session = await opened([file, inputFile('other.jsonl', log(2))]);
    expect(accounts(session)).toEqual(['1 = 0 + 1', '2 = 2 + 0']);
    const found = `changed since it was opened: ${then} bytes then, 0 now`;
    expect(issuesOf(session)).toEqual([`nothing.jsonl: changed-file, ${found}`]);
    proven(task, {
      part: 'Input',
      fault: 'A file shrinks to nothing before it is read',
      happened: `1 record = 0 rollouts + 1 issue: “${found}”`,
    });
  });
  it('or is removed, does not keep the others from being read', async () => {
    const file = await fileAt('gone.jsonl', log(20));
    const session = await opened(
      [file, inputFile('other.jsonl', log(2))],
      poolAfter(() => rmSync(file.at)),
    );
    expect(accounts(session)).toEqual(['1 = 0 + 1', '2 = 2 + 0']);
    expect(issuesOf(session)).toEqual([expect.stringMatching(/^gone\.jsonl: changed-file, .* bytes then, now it cannot be read$/)]);
  });
  it('or is rewritten with the same length, is an issue', async () => {
    const file = await fileAt('same.jsonl', log(20));
    const session = await opened(
      [file],
      poolAfter(() => writeFileSync(file.at, log(20, 'By the ocean.'))),
    );
    expect(accounts(session)).toEqual(['21 = 20 + 1']);
    expect(issuesOf(session)[0]).toMatch(/changed-file, changed since it was opened: [\d,]+ bytes then and now, but others$/);
  });
});

describe('a file that changes after it was opened', () => {
  const changes: [string, string, (at: string) => void, RegExp][] = [
    ['shrinks', log(20), (at) => truncateSync(at, 1000), /bytes then, 1,000 now/],
    ['grows', log(20), (at) => writeFileSync(at, line(99, 'More.'), { flag: 'a' }), /bytes then, [\d,]+ now/],
    ['is removed', log(20), (at) => rmSync(at), /bytes then, now it cannot be read/],
    ['is rewritten with the same length', log(20), (at) => writeFileSync(at, log(20, 'By the ocean.')), /bytes then and now, but others/],
    [
      'is rewritten with the same length and time',
      log(20),
      (at) => {
        const { atime, mtime } = statSync(at);
        writeFileSync(at, log(20, 'By the ocean.'));
        utimesSync(at, atime, mtime);
      },
      /bytes then and now, but others/,
    ],
    [
      'is long and rewritten where nobody looks',
      `${log(20)}${' '.repeat(2 << 20)}\n`,
      (at) => {
        const bytes = readFileSync(at);
        bytes[100_000] = 9;
        writeFileSync(at, bytes);
      },
      /bytes then and now, but written to since/,
    ],
  ];
  it.each(changes)('and %s: no text of it is shown and no export is written', async (what, text, change, expected) => {
    const file = await fileAt('later.jsonl', text);
    const session = await opened([file]);
    const key = nodeKeyOf(session.shape(session.order(DEFAULT_RULE).orderId, 0, 'tokens').keys, 0);
    expect((await session.nodeText(key, 0, 100)).tokens.length).toBeGreaterThan(0);
    await session.append([inputFile('other.jsonl', log(2))], quiet);
    change(file.at);
    await expect(session.nodeText(key, 0, 100)).rejects.toThrow(expected);
    await expect(session.remove('other.jsonl')).rejects.toThrow(expected);
    const out = join(folder, `out of ${what}`);
    await expect(intoFolder(out, (sink) => exportTo(session, sink as ReturnType<typeof memorySink>))).rejects.toThrow(expected);
    expect(existsSync(out)).toBe(false);
    await expect(exportTo(session, memorySink(), 'tokens')).rejects.toThrow(/^later\.jsonl changed since it was opened/);
    const { orderId } = session.order(DEFAULT_RULE);
    const budget = { cut: 1, train: 1 };
    await expect(session.preflight(orderId, budget, exportSpec('messages'), quiet)).rejects.toThrow(expected);
    await expect(session.previewExport(orderId, budget, exportSpec('messages'))).rejects.toThrow(expected);
  });
  it('and is only touched, or given other permissions, is what it was', async () => {
    const file = await fileAt('touched.jsonl', log(20));
    const session = await opened([file]);
    utimesSync(file.at, 1, 2);
    chmodSync(file.at, 0o600);
    expect((await exportTo(session)).length).toBeGreaterThan(1);
  });
  it('while it is exported: the files that were there stay', async ({ task }) => {
    const file = await fileAt('during.jsonl', log(40));
    const session = await opened([file]);
    const out = join(folder, 'during');
    await intoFolder(out, (sink) => exportTo(session, sink as ReturnType<typeof memorySink>));
    const before = readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]);
    let isDone = false;
    const said: unknown = await intoFolder(out, (sink) =>
      exportTo(session, {
        ...sink,
        async open(name: string) {
          const opened = await sink.open(name);
          return {
            ...opened,
            async close() {
              if (!isDone) writeFileSync(file.at, log(40, 'By the ocean.'));
              isDone = true;
              await opened.close();
            },
          };
        },
      } as ReturnType<typeof memorySink>),
    ).catch((error: unknown) => error);
    expect(String(said)).toMatch(
      /^ChangedInput: during\.jsonl changed since it was opened: [\d,]+ bytes then and now, but others; open it again$/,
    );
    expect(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')])).toEqual(before);
    proven(task, {
      part: 'Input',
      fault: 'A file is rewritten with the same length while an export is written',
      happened: `no file of the export is written, ${before.length} earlier ones stay: “${(said as Error).message}”`,
    });
  });
});
