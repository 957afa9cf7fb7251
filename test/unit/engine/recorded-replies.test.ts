/** Recorded replies of model servers in the forms they lie on disk: server-sent events, events run together, YAML. */
import { readFileSync } from 'node:fs';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { yaml } from '../../../src/engine/readers/yaml.ts';
import { foldStream } from '../../../src/formats/fold-stream.ts';
import { sseData, sseValues } from '../../../src/formats/sse-data.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const DATA = fileURLToPath(new URL('../../../../shared/data/server-replies/', import.meta.url));

const delta = (id: string, fields: object, finish: string | null = null): object => ({
  id,
  object: 'chat.completion.chunk',
  model: 'm',
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});
const EVENTS = [
  delta('a', { role: 'assistant', content: 'Water — ' }),
  delta('a', { content: 'bed 2.' }),
  delta('a', {}, 'stop'),
  delta('b', { role: 'assistant', content: 'Rake.' }),
  delta('b', {}, 'stop'),
];
const sse = EVENTS.map((event) => `event: chunk\ndata: ${JSON.stringify(event)}\n\n`).join('');

async function written(name: string, text: string): Promise<readonly string[]> {
  const { session } = await openSession([inputFile(name, text)]);
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
  const rows = linesOf(sink.files.get('messages.jsonl')) as unknown as { messages: { content: string }[] }[];
  return rows.map(({ messages }) => messages.map(({ content }) => content).join('|'));
}

describe('server-sent events', () => {
  it.each([
    ['one a line', EVENTS.map((event) => JSON.stringify(event)).join('\n')],
    ['behind data:', `${sse}data: [DONE]\n\n`],
    ['with line ends of Windows', `: hello\r\n\r\n${sse.replaceAll('\n', '\r\n')}`],
    ['run together', EVENTS.map((event) => JSON.stringify(event)).join('')],
    ['as one list', JSON.stringify(EVENTS)],
  ])('%s are one rollout for each reply', async (_, text) => {
    const { facts } = await openSession([inputFile('a.txt', text)]);
    expect(facts.inputs).toMatchObject([{ format: 'server-stream', records: 2, rollouts: 2, issueCount: 0 }]);
    expect((await written('a.txt', text)).toSorted()).toEqual(['Rake.', 'Water — bed 2.']);
  });

  it('count what is no JSON, and say where it is', async () => {
    const { facts, session } = await openSession([inputFile('a.sse', `${sse}data: {"torn": \n\n${sse}`)]);
    expect(facts.inputs).toMatchObject([{ records: 5, rollouts: 4, issueCount: 1 }]);
    const [issue] = session.issues(0, 9).issues;
    const bytes = new TextEncoder().encode(sse).length;
    expect(issue).toMatchObject({ code: 'invalid-json', address: { start: bytes + 'data: '.length } });
  });

  it('are split the same wherever strings hold brackets and quotes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()), fc.dictionary(fc.string(), fc.string()))), {
          minLength: 1,
          maxLength: 6,
        }),
        (values) => {
          const plain = JSON.parse(JSON.stringify(values)) as unknown[];
          expect(sseData(plain.map((value) => JSON.stringify(value)).join(''))).toEqual(plain);
          expect(sseData(plain.map((value) => `data: ${JSON.stringify(value)}\n\n`).join(''))).toEqual(plain);
        },
      ),
    );
  });

  it('lose no character of any text, between values or in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', '"', '\\', '\n', 'data: ', 'a', '[', ']', ' ') }), (text) => {
        let at = 0;
        for (const { start, end } of sseValues(text)) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          // What lies between is blank, or names and marks of the protocol.
          expect(text.slice(at, start)).toMatch(/^(?:\s|data: ?|(?:event|id|retry)?:[^\n]*)*$/);
          at = end;
        }
      }),
    );
  });
});

it('folds a stream to the same reply however its texts are cut', () => {
  const text = 'Water the beds, then rake.';
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat({ max: text.length }), { maxLength: 8 }), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      const events = places.slice(1).map((end, i) => delta('a', { content: text.slice(places[i], end) }));
      const [folded, ...others] = foldStream([...events, delta('a', {}, 'stop')], (event) => event).replies;
      expect(others).toEqual([]);
      expect(folded).toMatchObject({ isWhole: true, reply: { choices: [{ message: { content: text }, finish_reason: 'stop' }] } });
    }),
  );
});

describe('YAML', () => {
  it('of a cassette is what its JSON is', async () => {
    const { stringify } = await import('yaml');
    const json = readFileSync(`${FIXTURES}cassette/chained.json`, 'utf8');
    const plain = await openSession([inputFile('a.json', json)]);
    const read = await openSession([inputFile('a.json', stringify(JSON.parse(json)))]);
    expect(read.facts.inputs).toMatchObject([{ format: 'cassette', records: 2, rollouts: 2, issueCount: 0 }]);
    expect(read.facts.fingerprint).toBe(plain.facts.fingerprint);
    expect(read.facts.entropy.sources).toEqual(plain.facts.entropy.sources);
  });

  it('is read of a cassette alone, whose key may stand behind others, and not of any text with a word and a colon', async () => {
    const { stringify } = await import('yaml');
    const json = JSON.parse(readFileSync(`${FIXTURES}cassette/chained.json`, 'utf8')) as { interactions: unknown };
    const ruby = `---\n${stringify({ recorded_with: 'VCR 6.2.0', http_interactions: json.interactions })}`;
    const { facts } = await openSession([inputFile('a.yml', ruby)]);
    expect(facts.inputs).toMatchObject([{ format: 'cassette', records: 2, rollouts: 2, issueCount: 0 }]);
    const recognised = (text: string): boolean => yaml.recognises(new TextEncoder().encode(text));
    expect(recognised(ruby)).toBe(true);
    expect(recognised('# of a test\ninteractions:\n- request: {}\n')).toBe(true);
    expect(recognised('note: the interactions: are below\nmore: text\n')).toBe(false);
    expect(recognised('Traceback: x\n  interactions:\n')).toBe(false);
  });

  it('that is no log is no JSON, as before, and one that stands for a great deal of text is not followed', async () => {
    const { session } = await openSession([inputFile('a.yaml', 'name: garden\nbeds: 3\n')]);
    expect(session.issues(0, 9).issues).toMatchObject([{ code: 'not-json' }]);
    const levels = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`);
    const bomb = await openSession([inputFile('a.yaml', `interactions: &a0 [1]\n${levels.join('\n')}\n`)]);
    expect(bomb.facts).toMatchObject({ rollouts: 0, issues: 1 });
  });
});

const files = existsSync(DATA) ? readdirSync(DATA, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name)) : [];
describe.skipIf(files.length === 0)('recorded replies of real servers', () => {
  it.each(files)('%s opens with nothing lost', async (name) => {
    const { facts } = await openSession([inputFile(name, readFileSync(DATA + name))]);
    const [input] = facts.inputs;
    expect(input).toMatchObject({ format: name.endsWith('.yaml') ? 'cassette' : 'server-stream', issueCount: 0 });
    expect(input?.rollouts).toBe(name.includes('encrypted') ? 4 : 1);
    expect(facts.entropy.coverage > 0).toBe(/logprobs|lmstudio/.test(name));
  });
});
