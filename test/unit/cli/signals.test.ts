/** Signals in mid-run, and two runs into one folder: earlier output stays, nothing temporary does. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DONE, IN_USE } from '../../../src/cli/exit-codes.ts';
import { allIn, espalier, startEspalier, until, type Running } from '../../helpers/espalier.ts';
import { proven } from '../../helpers/proven.ts';
import { slowDisk } from '../../helpers/slowDisk.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const SAMPLE = 'public/samples/orchard.jsonl';
const CHAT = 'public/samples/orchard-chat.jsonl';
const UNFINISHED = '.espalier-unfinished';
const long = at('long.jsonl');
const packed = at('long.jsonl.gz');
const temporary = at('tmp');
const out = at('set');

const everyFile = (of: string): [string, string][] =>
  readdirSync(of, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map((entry): [string, string] => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'base64')])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

beforeAll(() => {
  writeFileSync(long, Buffer.concat(Array.from({ length: 6 }, () => readFileSync(SAMPLE))));
  writeFileSync(packed, gzipSync(readFileSync(long)));
  mkdirSync(temporary);
  expect(espalier(['prune', SAMPLE, '--preset', 'rl', '--out', out]).status).toBe(DONE);
});

interface Moment {
  readonly name: string;
  readonly args: readonly string[];
  /** Whether the run has come there. */
  readonly hasCome: () => boolean;
}
const holds = (path: string, name: RegExp): boolean => existsSync(path) && allIn(path).some((entry) => name.test(entry));

const EXPORT: Moment = {
  name: 'mid-export',
  args: ['prune', packed, '--preset', 'none', '--budget', '100%', '--out', out],
  hasCome: () => holds(join(out, UNFINISHED), /jsonl/),
};
const MOMENTS: readonly Moment[] = [
  {
    name: 'mid-open',
    args: ['inspect', packed, '--nodes', at('nodes.csv')],
    hasCome: () => holds(temporary, /long/),
  },
  EXPORT,
  {
    name: 'mid-stream',
    args: ['prune', packed, '--preset', 'cheapest', '--stream', '--memory', '710MB', '--out', out],
    hasCome: () => holds(temporary, /rollouts/),
  },
  {
    name: 'the export of a stream',
    args: ['prune', packed, '--preset', 'cheapest', '--stream', '--memory', '710MB', '--out', out],
    hasCome: () => existsSync(join(out, UNFINISHED)),
  },
];

// However fast this machine is, no run ends before its signal comes.
const start = ({ args }: Moment): Running => startEspalier(args, { TMPDIR: temporary, ...slowDisk(60_000) });

describe.skipIf(process.platform === 'win32')('a signal', () => {
  it.each(MOMENTS.flatMap((moment) => (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => [signal, moment.name, moment] as const)))(
    '%s in %s ends it, with nothing changed and nothing left',
    async (signal, name, moment) => {
      const before = everyFile(out);
      const { child, ended } = start(moment);
      await until(name, moment.hasCome);
      child.kill(signal);
      const end = await ended;
      expect([end.signal, end.status, end.stderr.match(/^\s+at /m)]).toEqual([signal, null, null]);
      expect(everyFile(out)).toEqual(before);
      expect(allIn(temporary)).toEqual([]);
      expect(existsSync(at('nodes.csv'))).toBe(false);
    },
  );

  it('in mid-score leaves the scores before as they are', async ({ task }) => {
    const scores = at('a.scores');
    writeFileSync(scores, 'of an earlier run');
    const { child, ended } = startEspalier(['score', CHAT, '--out', scores], { TMPDIR: temporary });
    let told = '';
    child.stderr?.on('data', (text: Buffer) => (told += text.toString()));
    await until('scoring begins', () => told.includes('tokens to forward'));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ signal: 'SIGINT', status: null });
    expect(readFileSync(scores, 'utf8')).toBe('of an earlier run');
    expect(allIn(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
    expect(allIn(temporary)).toEqual([]);
    proven(task, {
      part: 'Faults',
      fault: 'SIGINT, SIGTERM and SIGHUP in mid-open, mid-export, mid-stream and mid-score',
      happened: `ended by the signal in ${MOMENTS.length * 3 + 1} runs; earlier output byte for byte, 0 temporary files`,
    });
  });

  it('that cannot be caught leaves what the next run removes', async ({ task }) => {
    const before = everyFile(out);
    const { child, ended } = start(EXPORT);
    await until('the export', EXPORT.hasCome);
    child.kill('SIGKILL');
    await ended;
    expect(everyFile(out).filter(([path]) => !path.includes(UNFINISHED))).toEqual(before);
    const left = [allIn(temporary).length, allIn(out).filter((path) => path.startsWith(UNFINISHED)).length];
    expect(Math.min(...left)).toBeGreaterThan(0);
    const next = espalier(['prune', packed, '--preset', 'rl', '--out', out], { env: { TMPDIR: temporary } });
    expect(next.status).toBe(DONE);
    expect([allIn(temporary), allIn(out).filter((path) => path.includes(UNFINISHED))]).toEqual([[], []]);
    proven(task, {
      part: 'Faults',
      fault: 'SIGKILL in mid-export',
      happened: 'the files of the run before are byte for byte what they were; the next run removes what was left and writes its own',
    });
  });
});

it.skipIf(process.platform === 'win32')(
  'two runs into one folder at once: one is refused, and the files are those of one run',
  async ({ task }) => {
    const both = at('both');
    const args = (budget: string, where: string): string[] => ['prune', long, '--preset', 'none', '--budget', budget, '--out', where];
    const first = startEspalier(args('90%', both), slowDisk(1000));
    await until('the first writes', () => existsSync(join(both, UNFINISHED)));
    first.child.kill('SIGSTOP');
    const second = espalier(args('10%', both));
    first.child.kill('SIGCONT');
    const end = await first.ended;
    expect([end.status, second.status, second.stderr]).toEqual([DONE, IN_USE, expect.stringContaining('another run writes there')]);
    expect(espalier(args('90%', at('alone'))).status).toBe(DONE);
    const bytes = (of: string): [string, string][] => everyFile(of).map(([path, text]) => [path.slice(of.length), text]);
    expect(bytes(both)).toEqual(bytes(at('alone')));
    // Both begin at the same moment: who loses does so at the latest when it comes to write.
    const race = [startEspalier(args('90%', at('race'))), startEspalier(args('10%', at('race')))];
    const codes = await Promise.all(race.map(async ({ ended }) => (await ended).status));
    expect(codes.every((code) => code === DONE || code === IN_USE)).toBe(true);
    expect(codes).toContain(DONE);
    const manifest = JSON.parse(readFileSync(join(at('race'), 'manifest.json'), 'utf8')) as { outputs: { name: string; bytes: number }[] };
    for (const { name, bytes: size } of manifest.outputs) expect([name, readFileSync(join(at('race'), name)).length]).toEqual([name, size]);
    expect(allIn(at('race'))).toEqual([...manifest.outputs.map(({ name }) => name), 'manifest.json'].toSorted((a, b) => (a < b ? -1 : 1)));
    proven(task, {
      part: 'Faults',
      fault: 'Two runs into one folder at once',
      happened: `one writes, the other ends with exit code ${IN_USE} and a sentence; the files are byte for byte those of one run alone`,
    });
  },
);
