/** `.eval` archives: the old layout, the chunked one, both packed as their writers pack them, damaged, and interrupted. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rolloutsOf } from '../../helpers/rolloutsOf.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { zipFile, type ZipMember } from '../../helpers/zipFile.ts';
import type { Rollout } from '../../../src/core/model/rollout.ts';

type Json = Record<string, unknown>;
const log = JSON.parse(readFileSync(new URL('../../fixtures/inspect/garden.json', import.meta.url), 'utf8')) as Json & { samples: Json[] };
const { samples, ...header } = log;
const json = (value: unknown): string => JSON.stringify(value, null, 1);
const nameOf = (sample: Json): string => `samples/${String(sample['id'])}_epoch_${String(sample['epoch'])}`;

/** Lists in chunks of two, under the index of their first. */
function chunked(sample: Json): ZipMember[] {
  const { messages, events, events_data: data, attachments = {}, metadata = {}, ...rest } = sample;
  const keys = Object.keys(attachments as Json);
  const withIndices = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value).replaceAll(/attachment:\/\/(\w+)/g, (all, key: string) =>
        keys.includes(key) ? `attachment://${keys.indexOf(key)}` : all,
      ),
    );
  const pool = ((data as Json | undefined)?.['messages'] ?? messages) as unknown[];
  const refs = rest['message_refs'] ?? [[0, pool.length]];
  const base = nameOf(sample);
  const lists: Json = { messages: withIndices(pool), events: withIndices(events ?? []), attachments: Object.values(attachments as Json) };
  return [
    { name: `${base}/sample.json`, content: json({ ...rest, message_refs: refs }), method: 93 },
    { name: `${base}/metadata.json`, content: json(metadata), method: 93 },
    { name: `${base}/skeleton.json`, content: '{}', method: 93 },
    { name: `${base}/events/stats.json`, content: '{}', method: 93 },
    ...Object.entries(lists).flatMap(([key, list]) =>
      Array.from({ length: Math.ceil((list as unknown[]).length / 2) }, (_, i) => ({
        name: `${base}/${key}/${2 * i}.json`,
        content: json((list as unknown[]).slice(2 * i, 2 * i + 2)),
        method: 93,
      })).toReversed(),
    ),
  ];
}

const around: ZipMember[] = [
  { name: '_journal/start.json', content: json({ version: 2, eval: header['eval'] }), method: 8 },
  { name: '_journal/summaries/1.json', content: '[]', method: 8 },
  { name: 'summaries.json', content: '[]', method: 8 },
  { name: 'header.json', content: json(header), method: 8 },
];
const old = (sample: Json): ZipMember => ({ name: `${nameOf(sample)}.json`, content: json(sample), method: 8 });
const open = async (members: readonly ZipMember[]): ReturnType<typeof openSession> =>
  openSession([inputFile('garden.eval', zipFile(members))]);
const bare = ({ id, ...rollout }: Rollout): unknown => ({ ...rollout, id: id.replace(/^.*#/, '') });

describe('an .eval archive', () => {
  it('is one input whose samples are what the .json log has, in both layouts and mixed', async () => {
    const expected = (await rolloutsOf([inputFile('garden.json', JSON.stringify(log))])).map(bare);
    for (const layout of [
      samples.map(old),
      samples.flatMap(chunked),
      samples.flatMap((sample, i) => (i % 2 === 0 ? [old(sample)] : chunked(sample))),
    ]) {
      const members = [...layout, ...around];
      const { facts } = await open(members);
      expect(facts.inputs).toMatchObject([{ name: 'garden.eval', format: 'inspect', records: 4, rollouts: 3, issueCount: 1 }]);
      expect((await rolloutsOf([inputFile('garden.eval', zipFile(members))])).map(bare)).toEqual(expected);
    }
  });
  it('has its task by the journal where the run was interrupted, and opens without samples', async () => {
    const { facts } = await open([...samples.slice(0, 2).map(old), ...around.slice(0, 2)]);
    expect(facts).toMatchObject({ tasks: 1, rollouts: 2 });
    const empty = await open(around);
    expect(empty.facts.inputs).toMatchObject([{ name: 'garden.eval', records: 0, rollouts: 0 }]);
  });
  it('loses a damaged sample alone, and says why', async () => {
    const [first, second] = samples.map(old);
    const members = [first, { ...second, isEncrypted: true }, { name: 'samples/x_epoch_1.json', content: '{"id": "x", "epoch": 1, "inp' }];
    const { facts, session } = await open([...(members as ZipMember[]), ...around]);
    expect(facts.inputs).toMatchObject([{ records: 3, rollouts: 1, issueCount: 2 }]);
    const said = session.issues(0, 9).issues.map(({ severity, code, found }) => `${severity} ${code}: ${found}`);
    expect(said[0]).toBe('note damaged-archive: samples/bed_epoch_2.json: it is encrypted');
    expect(said.filter((each) => each.startsWith('record invalid-json'))).toHaveLength(2);
  });
  it('says which messages are missing where a chunk is', async () => {
    const members = chunked(samples[1] ?? {}).filter(({ name }) => !name.endsWith('messages/4.json'));
    const { facts, session } = await open([...members, ...around]);
    expect(facts.inputs).toMatchObject([{ records: 1, rollouts: 1 }]);
    expect(session.issues(0, 9).issues.map(({ found }) => found)).toContain('3 that are not there');
  });
  it('takes ids of samples with slashes in them, and a folder around the log', async () => {
    const named = samples.slice(0, 2).map((sample) => ({ ...sample, id: 'Beds/samples/1' }));
    const members = [old(named[0] ?? {}), ...chunked(named[1] ?? {}), ...around].map((member) => ({
      ...member,
      name: `run/${member.name}`,
    }));
    const { facts } = await open(members);
    expect(facts.inputs).toMatchObject([{ name: 'garden.eval/run', format: 'inspect', records: 2, rollouts: 2 }]);
  });
  it('is no such archive where no header says so', async () => {
    const { facts } = await open([old(samples[0] ?? {})]);
    expect(facts.inputs).toMatchObject([{ name: 'garden.eval/samples/bed_epoch_1.json', format: 'inspect', rollouts: 1 }]);
  });
});

const DATA = fileURLToPath(new URL('../../../../shared/data/inspect/chunked/', import.meta.url));
it.skipIf(!existsSync(DATA))('gives the same rollout of a real log in both layouts', async () => {
  const [a, b] = await Promise.all(
    ['original-ais-decoder.eval', 'ais-decoder.eval'].map((name) => rolloutsOf([inputFile(name, readFileSync(`${DATA}${name}`))])),
  );
  expect(a).toHaveLength(1);
  expect(b).toEqual(a);
});
