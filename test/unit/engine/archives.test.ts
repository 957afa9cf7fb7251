/** ZIP and tar as their writers write them, and as they are damaged. */
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FREE_UNPACKED_BYTES, MAX_UNPACK_RATIO } from '../../../src/base/bounds.ts';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { makeUnpackBudget } from '../../../src/engine/containers/bounded.ts';
import type { Inflated } from '../../../src/engine/containers/container.ts';
import { tar } from '../../../src/engine/containers/tar.ts';
import { zip } from '../../../src/engine/containers/zip.ts';
import { makeGlance, sniff } from '../../../src/engine/sniff.ts';
import type { Session } from '../../../src/engine/session.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { tarFile } from '../../helpers/tarFile.ts';
import { zipFile } from '../../helpers/zipFile.ts';
import { zstdFrame } from '../../helpers/zstdFrame.ts';

const log = (...answers: readonly string[]): string =>
  answers
    .map((content) => {
      const messages = [
        { role: 'user', content: 'Where is the rake?' },
        { role: 'assistant', content },
      ];
      return `${JSON.stringify({ messages })}\n`;
    })
    .join('');
const A = log('in the shed', 'on the wall');
const B = log('nobody knows');
const open = async (name: string, content: Uint8Array): Promise<Session> => (await openSession([inputFile(name, content)])).session;
const rows = (session: Session): (readonly [string, number, number])[] =>
  session.facts().inputs.map(({ name, records, rollouts }) => [name, records, rollouts]);
const said = (session: Session): string[] =>
  session.issues(0, 99).issues.map(({ file, severity, code, found }) => `${severity} ${file}: ${code}, ${found}`);

describe('ZIP', () => {
  it('opens members in each way they are packed, by the central directory', async () => {
    const session = await open(
      'a.zip',
      zipFile([
        { name: 'logs/', content: '' },
        { name: 'logs/stored.jsonl', content: A },
        { name: 'logs/deflated.jsonl', content: A.repeat(40), method: 8, isDescribedBehind: true },
        { name: 'ünïcode name.jsonl', content: B, method: 93 },
        { name: 'large.jsonl', content: A, method: 8, is64: true },
        { name: 'behind.jsonl', content: B, method: 93, is64: true, isDescribedBehind: true },
        { name: 'empty.jsonl', content: '', method: 8 },
      ]),
    );
    expect(rows(session)).toEqual([
      ['a.zip/logs/stored.jsonl', 2, 2],
      ['a.zip/logs/deflated.jsonl', 80, 80],
      ['a.zip/ünïcode name.jsonl', 1, 1],
      ['a.zip/large.jsonl', 2, 2],
      ['a.zip/behind.jsonl', 1, 1],
      ['a.zip/empty.jsonl', 0, 0],
    ]);
    expect(said(session)).toEqual([]);
  });
  it('says of each member why it cannot be read, and reads the others', async () => {
    const session = await open(
      'a.zip',
      zipFile([
        { name: 'secret.jsonl', content: A, isEncrypted: true },
        { name: 'odd.jsonl', content: A, method: 12 },
        { name: 'changed.jsonl', content: A, method: 8, checksum: 1 },
        { name: 'whole.jsonl', content: B },
      ]),
    );
    expect(rows(session)).toEqual([
      ['a.zip/secret.jsonl', 1, 0],
      ['a.zip/odd.jsonl', 1, 0],
      ['a.zip/changed.jsonl', 3, 2],
      ['a.zip/whole.jsonl', 1, 1],
    ]);
    expect(said(session)).toEqual([
      'record a.zip/secret.jsonl: damaged-archive, it is encrypted',
      'record a.zip/odd.jsonl: damaged-archive, it is packed by method 12: stored, deflate and zstd are read',
      expect.stringContaining('it has another checksum or length than the archive names'),
    ]);
  });
  it('gives what stands before its missing end', async () => {
    const whole = zipFile([
      { name: 'a.jsonl', content: A, method: 8 },
      { name: 'b.jsonl', content: B },
    ]);
    const torn = await open('a.zip', whole.subarray(0, whole.length - 30));
    expect(rows(torn)).toEqual([
      ['a.zip/a.jsonl', 2, 2],
      ['a.zip/b.jsonl', 1, 1],
      ['a.zip', 1, 0],
    ]);
    expect(said(torn)[0]).toContain('its end is missing');
    const behind = zipFile([{ name: 'a.jsonl', content: A, isDescribedBehind: true }], false);
    expect(said(await open('a.zip', behind))[0]).toContain('does not say how long it is');
    const inside = await open('a.zip', zipFile([{ name: 'a.jsonl', content: A }], false).subarray(0, -20));
    expect(rows(inside)[0]).toEqual(['a.zip/a.jsonl', 3, 1]);
    expect(rows(await open('a.zip', zipFile([])))).toEqual([['a.zip', 0, 0]]);
  });
  it('loses nothing by any cut or changed byte: records are rollouts and issues', async () => {
    const whole = zipFile([
      { name: 'a.jsonl', content: A, method: 8 },
      { name: 'b.jsonl', content: B, is64: true },
    ]);
    for (let at = 5; at < whole.length; at += 7) {
      const changed = Uint8Array.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      for (const content of [whole.subarray(0, at), changed]) {
        const session = await open('a.zip', content);
        const recordIssues = session.issues(0, 99).issues.filter(({ severity }) => severity === 'record').length;
        expect(session.facts().inputs.reduce((sum, { records }) => sum + records, 0)).toBe(session.facts().rollouts + recordIssues);
      }
    }
  });
  it('leaves what torch packs its tensors into to the reader of that', async () => {
    const saved = zipFile([{ name: 'archive/data.pkl', content: 'x' }]);
    expect(zip.recognises(saved)).toBe(false);
    expect(said(await open('a.pt', saved))[0]).toContain('damaged-pickle');
  });
  it('is not unpacked further than a member says', async () => {
    const lying = zipFile([{ name: 'a.jsonl', content: zstdFrame(new Uint8Array(1 << 22).fill(0x20)) }]);
    // The length that it names is one byte, the method zstd.
    const at = lying.length - 24 - 3 - 'a.jsonl'.length - 46;
    new DataView(lying.buffer).setUint32(at + 24, 1, true);
    new DataView(lying.buffer).setUint16(at + 10, 93, true);
    const session = await open('a.zip', lying);
    expect(said(session)[0]).toMatch(/another checksum or length .*; \d{3},\d{3} bytes were unpacked/);
  });
});

it('gives together no more than the file may give, whatever is packed in it', async () => {
  const piece = new Uint8Array(64 << 20);
  async function* pieces(count: number): AsyncGenerator<Inflated> {
    for (let i = 0; i < count; i++) yield { bytes: piece, read: 1e9, fault: null };
  }
  const budget = makeUnpackBudget(1000, () => () => null);
  const lengths: number[] = [];
  for (const isOutermost of [true, false, false]) {
    let length = 0;
    for await (const { bytes } of budget.upTo(pieces(2), isOutermost)) length += bytes.length;
    lengths.push(length);
  }
  const bound = FREE_UNPACKED_BYTES + MAX_UNPACK_RATIO * 1000;
  expect(lengths).toEqual([128 << 20, 128 << 20, bound - (256 << 20)]);
  expect(budget.ended).toBe(bound - (256 << 20));
});

describe('tar', () => {
  const deep = `${'folder/'.repeat(15)}${'n'.repeat(60)}.jsonl`;
  it('opens files by every way of telling their names and sizes', async () => {
    const session = await open(
      'a.tar',
      tarFile([
        { name: 'results.jsonl/', type: '5' },
        { name: 'results.jsonl/a.jsonl', content: A },
        { name: deep, content: B },
        { name: `${deep}.pax`, content: B, as: 'pax', size: 'pax' },
        { name: `${deep}.gnu`, content: A, as: 'gnu', size: 'binary' },
        { name: 'link.jsonl', type: '2' },
        { name: 'empty.jsonl' },
      ]),
    );
    expect(rows(session)).toEqual([
      ['a.tar/results.jsonl/a.jsonl', 2, 2],
      [`a.tar/${deep}`, 1, 1],
      [`a.tar/${deep}.pax`, 1, 1],
      [`a.tar/${deep}.gnu`, 2, 2],
      ['a.tar/empty.jsonl', 0, 0],
    ]);
    expect(said(session)).toEqual([]);
  });
  it('passes over what macOS adds, and says so in a note', async () => {
    const members = [
      { name: '._a.jsonl', content: 'Mac OS X' },
      { name: 'a.jsonl', content: A },
      { name: '__MACOSX/._a.jsonl', content: '\u0000\u0005' },
    ];
    for (const content of [tarFile(members), gzipSync(tarFile(members)), zstdFrame(tarFile(members)), zipFile(members)]) {
      const session = await open('a', content);
      expect(rows(session)).toEqual([['a/a.jsonl', 2, 2]]);
      expect(said(session)).toEqual(['note a/a.jsonl: passed-over, 2 that macOS adds (__MACOSX, ._*), passed over']);
    }
  });
  it('is opened in another archive once, packed or not', async () => {
    const inner = tarFile([{ name: 'a.jsonl.gz', content: gzipSync(A) }]);
    const outer = zipFile([{ name: 'run.tar.gz', content: gzipSync(inner) }]);
    expect(rows(await open('a.zip', outer))).toEqual([['a.zip/run.tar.gz/a.jsonl.gz', 2, 2]]);
    const third = await open('a.tar', tarFile([{ name: 'b.zip', content: outer }]));
    expect(said(third)).toEqual(['record a.tar/b.zip/run.tar.gz: container, tar in two others']);
  });
  it('gives an input without records where its only log is empty', async () => {
    const session = await open('a.tar.gz', gzipSync(tarFile([{ name: '._a.jsonl', content: 'x' }, { name: 'a.jsonl' }])));
    expect(rows(session)).toEqual([['a.tar.gz/a.jsonl', 0, 0]]);
    const nothing = await open('a.tar', tarFile([{ name: '._a.jsonl', content: 'x' }]));
    expect(rows(nothing)).toEqual([['a.tar', 0, 0]]);
    expect(said(nothing)).toHaveLength(1);
  });
  it('says where it is torn, and gives what came before', async () => {
    const whole = tarFile([
      { name: 'a.jsonl', content: A },
      { name: 'b.jsonl', content: B },
    ]);
    for (let at = 512; at < whole.length - 1024; at += 100) {
      const session = await open('a.tar', whole.subarray(0, at));
      const { inputs, rollouts } = session.facts();
      const issues = session.issues(0, 9).issues.filter(({ severity }) => severity === 'record');
      expect(inputs.reduce((sum, { records }) => sum + records, 0)).toBe(rollouts + issues.length);
      expect(issues.length).toBeGreaterThan(0);
    }
    const changed = Uint8Array.from(whole);
    changed[1030] = 0x41;
    expect(said(await open('a.tar', changed))).toEqual(['record a.tar: damaged-archive, no head of a member at byte 1,024']);
    expect(said(await open('a.tar', tarFile([{ name: 'a', content: 'x', type: 'S' }])))[0]).toContain('sparse');
  });
  it('is told from its first 512 bytes, however they come', async () => {
    const whole = tarFile([{ name: 'a.jsonl', content: A }]);
    expect(tar.recognises(whole)).toBe(true);
    expect(await sniff(bytesSource('a', whole))).toMatchObject({ kind: 'container', container: { id: 'tar' } });
    const glance = makeGlance();
    expect([glance(whole.subarray(0, 300)), glance(whole.subarray(300, 600))]).toEqual([null, true]);
    expect(tar.recognises(new Uint8Array(512))).toBe(false);
  });
});

const DATA = new URL('../../../../shared/data/archives/', import.meta.url);
const real = [new URL('../../../../../shared/data/archives/', import.meta.url), DATA].find((url) => existsSync(url));
describe.skipIf(real === undefined)('real archives', () => {
  it.each(['compressed_rollouts.zip', 'wikipedia-output.zip', 'demo_artifacts.tar.gz'])('%s opens, accounted for', async (name) => {
    const session = await open(name, readFileSync(new URL(name, real)));
    const records = session.issues(0, 999).issues.filter(({ severity }) => severity === 'record').length;
    const { inputs, rollouts } = session.facts();
    expect(inputs.reduce((sum, input) => sum + input.records, 0)).toBe(rollouts + records);
    expect(inputs.some(({ name: path }) => path.includes('._'))).toBe(false);
    for (const input of inputs.filter(({ name: path }) => path.endsWith('.jsonl'))) expect(input.records).toBeGreaterThan(0);
  });
});
