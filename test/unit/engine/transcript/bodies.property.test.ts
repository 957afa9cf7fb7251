import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../../../src/core/model/kinds.ts';
import { nodeKeyOf } from '../../../../src/core/model/node-key.ts';
import type { RolloutKey } from '../../../../src/core/rollouts/rollout-key.ts';
import { CHUNK, PART, ROLES, type Transcript } from '../../../../src/engine/answers/transcript.ts';
import { chunkCount, chunkStart } from '../../../../src/engine/transcript/chunks.ts';
import type { Session } from '../../../../src/engine/session.ts';
import { inputFile, openSession } from '../../../helpers/openSession.ts';

interface Said {
  readonly role: string;
  readonly kind: string;
  readonly tool: string | null;
  readonly text: string;
}

const word = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text.isWellFormed()),
  fc.constantFrom('tap', '\n', 'dig the bed ', '🌿', '<think>', '</tool_call>', '  ', 'x'.repeat(CHUNK - 3), 'é\n'.repeat(3000)),
);
const text = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => `w${words.join('')}`);
const call = fc.record({ tool: fc.constantFrom('bash', 'read', 'note_add'), value: text });
const turn = fc.record({ think: fc.option(text), say: fc.option(text), calls: fc.array(call, { maxLength: 3 }) });
const conversation = fc.record({ ask: text, turns: fc.array(turn, { minLength: 1, maxLength: 3 }) });

/** What a conversation says, part by part, and the log that says it. */
function written({ ask, turns }: typeof conversation extends fc.Arbitrary<infer T> ? T : never): { said: Said[]; messages: object[] } {
  const said: Said[] = [{ role: 'user', kind: 'user', tool: null, text: ask }];
  const messages: object[] = [{ role: 'user', content: ask }];
  turns.forEach(({ think, say, calls }, index) => {
    const entry: Record<string, unknown> = { role: 'assistant', content: say ?? '' };
    if (think !== null) {
      entry['reasoning_content'] = think;
      said.push({ role: 'assistant', kind: 'thinking', tool: null, text: think });
    }
    if (say !== null) said.push({ role: 'assistant', kind: 'text', tool: null, text: say });
    if (calls.length > 0)
      entry['tool_calls'] = calls.map(({ tool, value }, i) => {
        const given = JSON.stringify({ value });
        said.push({ role: 'assistant', kind: tool === 'note_add' ? 'memory' : 'call', tool, text: given });
        return { id: `c${index}.${i}`, type: 'function', function: { name: tool, arguments: given } };
      });
    if (think === null && say === null && calls.length === 0) said.push({ role: 'assistant', kind: 'text', tool: null, text: '' });
    messages.push(entry);
    // Answered in another order than called.
    calls.toReversed().forEach(({ tool, value }, i) => {
      const id = `c${index}.${calls.length - 1 - i}`;
      messages.push({ role: 'tool', tool_call_id: id, name: tool, content: `result of ${id}: ${value}` });
      said.push({ role: 'tool', kind: 'result', tool, text: `result of ${id}: ${value}` });
    });
  });
  return { said, messages };
}

async function whole(session: Session, key: RolloutKey, shown: Transcript): Promise<Said[]> {
  const out: Said[] = [];
  for (let part = 0; part < shown.length; part++) {
    const asked = Array.from({ length: chunkCount(shown.characters[part]!) }, (_, chunk) => ({ part, chunk }));
    const bodies = await session.transcriptBodies(key, shown.branch, asked);
    expect(bodies.at(-1)?.bytesTo).toBe(shown.bytes[part]);
    out.push({
      role: ROLES[shown.role[part]!]!,
      kind: KINDS[shown.kind[part]!]!,
      tool: shown.tools[shown.tool[part]!] ?? null,
      text: bodies.map((body) => body.text).join(''),
    });
  }
  return out;
}

describe('a transcript', () => {
  it('says what the log says, byte for byte, and its parts tile the trajectory, each around its own text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(conversation, { minLength: 1, maxLength: 3 }), async (logs) => {
        const all = logs.map(written);
        const lines = all.map(({ messages }, id) => JSON.stringify({ id: String(id), task: 'bed', messages }));
        const { session } = await openSession([inputFile('a.jsonl', `${lines.join('\n')}\n`)]);
        const { keys } = session.rollouts();
        for (const [index, { said }] of all.entries()) {
          const key = keys[index]!;
          const shown = (await session.transcript(key, 0, null))!;
          expect(await whole(session, key, shown)).toEqual(said);
          const { tokenStart } = shown;
          expect(tokenStart[0]).toBe(0);
          expect(tokenStart[shown.length]).toBe(shown.branches[0]!.tokens);
          expect(shown.path.start.at(-1)).toBe(shown.branches[0]!.tokens);
          const tokens = (await session.transcriptTokens(key, 0, 0, Infinity, null))!;
          for (let part = 0; part < shown.length; part++) {
            expect(tokenStart[part + 1]!).toBeGreaterThanOrEqual(tokenStart[part]!);
            expect(shown.flags[part]! & PART.untold).toBe(0);
            const spelt = spell(tokens.texts!.slice(tokenStart[part], tokenStart[part + 1]));
            expect(spelt).toContain(JSON.stringify(said[part]!.text).slice(1, -1));
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('pairs calls with the results of their ids', async () => {
    const { said, messages } = written({
      ask: 'a',
      turns: [{ think: null, say: 'b', calls: [0, 1, 2].map((n) => ({ tool: 'bash', value: `${n}` })) }],
    });
    const { session } = await openSession([inputFile('a.jsonl', `${JSON.stringify({ messages })}\n`)]);
    const shown = (await session.transcript(session.rollouts().keys[0]!, 0, null))!;
    expect(said.map(({ kind }) => kind)).toEqual(['user', 'text', 'call', 'call', 'call', 'result', 'result', 'result']);
    expect([...shown.partner]).toEqual([-1, -1, 7, 6, 5, 4, 3, 2]);
    expect([...shown.event]).toEqual([0, 1, 1, 1, 1, 2, 3, 4]);
    expect([...shown.turn]).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('knows no rollout of another log, and clips a branch to those that there are', async () => {
    const { session } = await openSession([
      inputFile(
        'a.jsonl',
        `${JSON.stringify({ messages: written({ ask: 'a', turns: [] }).messages.concat({ role: 'assistant', content: 'b' }) })}\n`,
      ),
    ]);
    expect(await session.transcript('0123456789abcdef', 0, null)).toBeNull();
    expect(await session.transcript(session.rollouts().keys[0]!, 7, null)).toMatchObject({ branch: 0, textFrom: 'log', why: null });
  });
});

/** Token texts as one JSON string's inside, bytes that are no character of their own put together first. */
function spell(texts: readonly string[]): string {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const piece of texts) {
    if (/^(\\x[0-9a-f]{2})+$/.test(piece)) for (const [, hex] of piece.matchAll(/\\x(..)/g)) bytes.push(Number.parseInt(hex!, 16));
    else bytes.push(...encoder.encode(piece));
  }
  return JSON.stringify(new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))).slice(1, -1);
}

it('reads a rollout of several branches, the one that a node lies on first', async () => {
  const trace = readFileSync('test/fixtures/nemo-gym/rollouts.jsonl', 'utf8');
  const { session } = await openSession([inputFile('a.jsonl', trace)]);
  let several = 0;
  for (const key of session.rollouts().keys) {
    const first = (await session.transcript(key, null, null))!;
    for (const { branch, trajectory, tokens } of first.branches) {
      const shown = (await session.transcript(key, branch, null))!;
      expect(shown.branch).toBe(branch);
      expect(shown.tokenStart.at(-1)).toBe(tokens);
      if (trajectory < 0) continue;
      const leaf = nodeKeyOf(shown.path.keys, shown.path.length - 1);
      const through = (await session.transcript(key, null, leaf))!;
      expect(through.path.keys.slice(-2)).toEqual(shown.path.keys.slice(-2));
      if (branch > 0) several++;
    }
  }
  expect(several).toBeGreaterThan(0);
});

describe('chunks', () => {
  it('tile a text, never cut a character, and end at line ends near their size', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(text, fc.constantFrom('🌿'.repeat(5000), `${'y'.repeat(9000)}\n`)), { maxLength: 6 }), (pieces) => {
        const whole = pieces.join('');
        const starts = Array.from({ length: chunkCount(whole.length) + 1 }, (_, i) => chunkStart(whole, i));
        expect(starts.map((start, i) => whole.slice(start, starts[i + 1])).join('')).toBe(whole);
        for (let i = 1; i < starts.length; i++) {
          const chunk = whole.slice(starts[i - 1], starts[i]);
          expect(chunk.isWellFormed()).toBe(true);
          expect(starts[i]! - starts[i - 1]!).toBeLessThanOrEqual(CHUNK + 2049);
        }
      }),
    );
  });
});
