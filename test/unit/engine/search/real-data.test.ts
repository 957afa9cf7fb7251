/**
 * Full text over real logs against a search that knows no format: each record's JSON is parsed, and all strings in it are looked at,
 * those among them that are JSON too. Skipped where the logs are not on this machine.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

const DATA = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const MOST_BYTES = 500_000;
const quiet = (): void => undefined;

/** The first of each kind of log. */
function files(): string[] {
  if (!existsSync(`${DATA}MANIFEST.tsv`)) return [];
  const kinds = new Map<string, string>();
  for (const row of readFileSync(`${DATA}MANIFEST.tsv`, 'utf8').split('\n').slice(1)) {
    const [path = '', , kind = ''] = row.split('\t');
    if (!/\.(jsonl?|traj)$/.test(path) || kinds.has(kind) || !existsSync(DATA + path) || statSync(DATA + path).size > MOST_BYTES) continue;
    kinds.set(kind, path);
  }
  return [...kinds.values()];
}

/** All strings in a value; a string that is JSON of its own counts with those in it. */
function* stringsIn(value: unknown, depth = 0): Generator<string> {
  if (typeof value === 'string') {
    yield value;
    if (depth < 20 && /^\s*[[{]/.test(value)) {
      let inner: unknown;
      try {
        inner = JSON.parse(value);
      } catch {
        return;
      }
      yield* stringsIn(inner, depth + 1);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      yield name;
      yield* stringsIn(inner, depth + 1);
    }
  }
}

/** A few words of letters that the log holds, some frequent and some rare: no format changes a word. */
function wordsOf(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const [word] of text.matchAll(/(?<![\w\\])[a-zA-Z]{5,12}(?!\w)/g))
      counts.set(word.toLowerCase(), (counts.get(word.toLowerCase()) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([word]) => word);
  return [...ranked.slice(0, 4), ...ranked.slice(-4), ...ranked.slice(Math.floor(ranked.length / 2), Math.floor(ranked.length / 2) + 4)];
}

interface Message {
  readonly content?: string | readonly { readonly text?: string; readonly value?: string }[] | null;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: string } }[];
}

/** What messages of OpenAI's kind say, by the names of their members. */
function saidIn(record: unknown): string[] {
  return (record as { readonly messages: readonly Message[] }).messages.flatMap(({ content, reasoning_content, tool_calls }) => [
    ...(typeof content === 'string' ? [content] : (content ?? []).map(({ text, value }) => text ?? value ?? '')),
    reasoning_content ?? '',
    ...(tool_calls ?? []).flatMap((call) => [call.function.name, call.function.arguments]),
  ]);
}

const holds = (texts: readonly string[], word: string): boolean => texts.some((text) => text.toLowerCase().includes(word));

describe.skipIf(files().length === 0)('words in real logs', () => {
  it.each(files())('%s', async (path) => {
    const bytes = readFileSync(DATA + path);
    const { session, facts } = await openSession([inputFile(path, bytes)]);
    if (facts.rollouts === 0 || !facts.inputs.every(({ hasMessages }) => hasMessages)) return;
    const all = Array.from({ length: facts.rollouts }, (_, r) => r);
    const lines = bytes.toString('utf8').split('\n');
    const records = path.endsWith('.jsonl') ? lines.filter((line) => line.trim() !== '').map(parse) : [parse(bytes.toString('utf8'))];
    const strings = records.map((record) => [...stringsIn(record)]);
    for (const word of wordsOf(strings.flat())) {
      const answer = await session.where(`"${word}"`, null, quiet);
      if (!answer.ok || answer.hits === null) throw new Error('no hits');
      expect(answer.unsearched).toBeNull();
      // What is found is there, in some record: which of them a rollout comes from is the format's to say.
      if (answer.hits.some((count) => count > 0)) expect([word, holds(strings.flat(), word)]).toEqual([word, true]);
      // Every place that is told is there, and there are as many as are counted.
      const hits = await session.search(`"${word}"`, all, 1_000_000);
      expect(hits.map(({ total }) => total)).toEqual([...answer.hits]);
      for (const { total, hits: places } of hits) {
        expect(places).toHaveLength(total);
        for (const { match } of places) expect(match.toLowerCase()).toBe(word);
      }
    }
  });

  const chats = ['openhands-llm-completions', 'swe-smith/ft_xml_example.jsonl', 'llamafactory-demo/v1_sft_demo.jsonl'].map(
    (path) => DATA + path,
  );
  it('finds in conversations all that their messages say, and nothing else', async () => {
    let asked = 0;
    for (const path of chats.filter((name) => existsSync(name) && statSync(name).isFile())) {
      const bytes = readFileSync(path);
      const records = bytes
        .toString('utf8')
        .split('\n')
        .map(parse)
        .filter((record) => record !== null);
      const { session, facts } = await openSession([inputFile(path, bytes)]);
      if (facts.rollouts !== records.length) continue;
      const said = records.map((record) => saidIn(record));
      for (const word of wordsOf(said.flat())) {
        const answer = await session.where(`"${word}"`, null, quiet);
        if (!answer.ok || answer.hits === null) throw new Error('no hits');
        expect([word, Array.from(answer.hits, (count) => count > 0)]).toEqual([word, said.map((texts) => holds(texts, word))]);
        asked++;
      }
    }
    expect(asked).toBeGreaterThan(0);
  });
});

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
