/** Traces and sessions of agent frameworks: spans in any order are one rollout, and real files open with nothing lost. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looseMessages, opened } from '../../../src/formats/loose-messages.ts';
import { attributesOf } from '../../../src/formats/span.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { openBytes } from './open.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const DATA = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

const idsOf = async (name: string, text: string): Promise<readonly string[]> => {
  const { decoded } = await openBytes(new TextEncoder().encode(text), name);
  return decoded.flatMap((entry) =>
    entry.ok ? [JSON.stringify([entry.rollout.task, entry.rollout.branches.map(({ events }) => events.map(({ parts }) => parts))])] : [],
  );
};

describe('spans', () => {
  it('are the same rollouts in every order of lines', async () => {
    const text = readFileSync(`${FIXTURES}otel/spans.jsonl`, 'utf8').trim();
    const before = (await idsOf('a.jsonl', text)).toSorted();
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(text.split('\n'), { minLength: text.split('\n').length }), async (lines) => {
        expect((await idsOf('a.jsonl', lines.join('\n'))).toSorted()).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it.each(['openai-agents/chat.jsonl', 'langfuse-observations/list.json'])('of %s are the same rollouts in every order', async (path) => {
    const text = readFileSync(`${FIXTURES}${path}`, 'utf8');
    const records = path.endsWith('.jsonl') ? text.trim().split('\n') : (JSON.parse(text) as unknown[]).map((each) => JSON.stringify(each));
    const before = await idsOf('a.jsonl', records.join('\n'));
    expect(before).toHaveLength(1);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(records, { minLength: records.length }), async (lines) => {
        expect(await idsOf('a.jsonl', lines.join('\n'))).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it('of one trace in one document, in a list and in lines come to the same', async () => {
    const [first = '', second = ''] = readFileSync(`${FIXTURES}otel/spans.jsonl`, 'utf8').split('\n');
    const [one, two] = [first, second].map((line) => (JSON.parse(line) as { resourceSpans: unknown[] }).resourceSpans);
    const texts = [`${first}\n${second}`, JSON.stringify([{ resourceSpans: one }, { resourceSpans: two }])];
    texts.push(JSON.stringify({ resourceSpans: [...(one ?? []), ...(two ?? [])] }, null, 1));
    const read = await Promise.all(texts.map((text) => idsOf('a.json', text)));
    expect(read[0]).toHaveLength(1);
    expect(read[1]).toEqual(read[0]);
    expect(read[2]).toEqual(read[0]);
  });

  it('of tools are no calls of a model, whatever a tool is called', async () => {
    const sampledIn = async (records: readonly object[]): Promise<unknown> => {
      const { decoded } = await openBytes(new TextEncoder().encode(records.map((each) => JSON.stringify(each)).join('\n')), 'a.jsonl');
      return decoded.map((entry) =>
        entry.ok
          ? entry.rollout.branches.map(({ events }) =>
              events.filter(({ sampled }) => sampled).flatMap(({ parts }) => parts.map(({ text }) => text)),
            )
          : entry.complaint,
      );
    };
    const at = (second: number): string => `2026-03-04T09:00:0${second}.000Z`;
    const span = (i: number, data: object): object => {
      const about = { object: 'trace.span', id: `s${i}`, trace_id: 't', parent_id: null };
      return { ...about, started_at: at(i), ended_at: at(i), span_data: data, error: null };
    };
    const [asked, said] = [[{ role: 'user', content: 'Draw a bed.' }], [{ role: 'assistant', content: 'Drawn.' }]];
    const tool = { name: 'generate_content', input: '{"of": "bed"}', output: 'a picture of a bed' };
    const answers = span(2, { type: 'generation', input: asked, output: said, model: 'm' });
    expect(await sampledIn([span(1, { type: 'function', ...tool }), answers])).toEqual([[['Drawn.']]]);
    const observation = (i: number, about: object): object => ({ id: `o${i}`, traceId: 't', startTime: at(i), endTime: at(i), ...about });
    const generation = observation(2, { type: 'GENERATION', name: 'chat', input: asked, output: said[0] });
    for (const type of ['TOOL', 'AGENT', 'RETRIEVER'])
      expect(await sampledIn([observation(1, { type, ...tool }), generation])).toEqual([[['Drawn.']]]);
    expect(await sampledIn([observation(1, { type: 'SPAN', ...tool, input: asked })])).toEqual([[['a picture of a bed']]]);
  });

  it('are held against names that would reach beyond own members', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "a": {"constructor": {"b": 2}}}') as unknown;
    expect(attributesOf(hostile)).toMatchObject({ 'a.constructor.b': 2 });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('loose messages', () => {
  it('are read through two layers of JSON in texts, and no more', () => {
    const messages = [{ role: 'user', content: '[1, 2]' }];
    expect(looseMessages(JSON.stringify(JSON.stringify(messages)), 'user')).toMatchObject(messages);
    expect(opened('no JSON')).toBe('no JSON');
    expect(looseMessages({ tool: 'x' }, 'user')).toBeUndefined();
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = looseMessages(value, 'assistant');
        expect(read === undefined || read.length > 0).toBe(true);
      }),
    );
  });
});

/** Folder of real files -> format of each, or null where it is a side file. */
const REAL: Readonly<Record<string, (name: string) => string | null>> = {
  adk: (name) => (name.endsWith('.session.json') ? 'adk' : null),
  autogen: () => 'autogen',
  bfcl: () => null,
  langfuse: (name) => (name.includes('chatml') ? null : 'langfuse'),
  langsmith: (name) => (name.endsWith('.jsonl') ? 'managed-agents' : 'langsmith'),
  letta: () => 'letta',
  'openai-agents': () => 'run-state',
  otel: () => 'otel',
  smolagents: () => 'smolagents',
};

const files = Object.keys(REAL).flatMap((folder) =>
  existsSync(DATA + folder)
    ? readdirSync(DATA + folder, { recursive: true, encoding: 'utf8' }).flatMap((name) =>
        /\.\w+$/.test(name) ? [`${folder}/${name}`] : [],
      )
    : [],
);

describe.skipIf(files.length === 0)('real files', () => {
  it.each(files)('%s', async (name) => {
    const { facts } = await openSession([inputFile(name, readFileSync(DATA + name))]);
    const [input] = facts.inputs;
    expect(input?.format).toBe(REAL[name.split('/')[0] ?? '']?.(name));
    expect(input?.records).toBeGreaterThan(0);
    expect(input?.records).toBe((input?.rollouts ?? 0) + (input?.issueCount ?? 0));
    // What is no rollout is told quietly: spans of tools and servers, references, expectations of a test.
    expect(input?.issueCount).toBe(input?.asideCount);
  });
});
