/** Servers on one's own machine: a reply is the same whole or in chunks, and one that is whole is not taken for a stream. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBytes } from './open.ts';

const open = (name: string, records: readonly unknown[]) =>
  openBytes(new TextEncoder().encode(records.map((record) => `${JSON.stringify(record)}\n`).join('')), name);

const said = (decoded: Awaited<ReturnType<typeof open>>['decoded']): unknown =>
  decoded.map((entry) => (entry.ok ? entry.rollout.branches.map(({ events }) => events) : entry.complaint.code));

/** `text` at every cut. */
function pieces(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return places.slice(1).map((end, i) => text.slice(places[i], end));
}

const texts = fc.tuple(fc.stringMatching(/^[a-z ]{1,12}$/), fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }));

describe('streams of local servers', () => {
  it('of Ollama come to the whole reply', async () => {
    const base = { model: 'm', created_at: '2026-03-04T09:00:00Z' };
    const whole = (content: string) => ({ ...base, message: { role: 'assistant', content }, done: true, done_reason: 'stop' });
    await fc.assert(
      fc.asyncProperty(texts, async ([text, cuts]) => {
        const chunks = pieces(text, cuts).map((content) => ({ ...base, message: { role: 'assistant', content }, done: false }));
        const streamed = await open('a.jsonl', [...chunks, whole('')]);
        expect(streamed.format?.id).toBe('server-stream');
        expect(said(streamed.decoded)).toEqual(said((await open('a.jsonl', [whole(text)])).decoded));
      }),
      { numRuns: 30 },
    );
  });

  it('of llama.cpp come to the whole reply', async () => {
    const whole = (content: string, tokens: readonly number[]) => ({ index: 0, content, tokens, id_slot: 0, stop: true, stop_type: 'eos' });
    await fc.assert(
      fc.asyncProperty(texts, async ([text, cuts]) => {
        const parts = pieces(text, cuts);
        const chunks = parts.map((content, i) => ({ index: 0, content, tokens: [i], id_slot: 0, stop: false }));
        const streamed = await open('a.jsonl', [...chunks, whole('', [])]);
        expect(streamed.format?.id).toBe('server-stream');
        const ids = parts.map((_, i) => i);
        expect(said(streamed.decoded)).toEqual(said((await open('a.jsonl', [whole(text, ids)])).decoded));
      }),
      { numRuns: 30 },
    );
  });
});

describe('whole replies', () => {
  const sglang = (text: string, reason: object | null) => ({ text, output_ids: [7], meta_info: { id: 'a', finish_reason: reason } });

  it('of SGLang are no stream, be there one or many, and unfinished ones are', async () => {
    const done = { type: 'stop' };
    expect((await open('a.jsonl', [sglang('x', done)])).format?.id).toBe('server-reply');
    expect((await open('a.jsonl', [sglang('x', done), sglang('y', done)])).format?.id).toBe('server-reply');
    const streamed = await open('a.jsonl', [sglang('x', null), sglang('xy', done)]);
    expect(streamed.format?.id).toBe('server-stream');
    expect(streamed.decoded).toHaveLength(1);
  });

  it('have their ids where the log has no prompt, and say that these are left out where it has one', async () => {
    const row = { output_token_logprobs: [[-0.5, 7, null]] };
    const reply = { text: 'x', output_ids: [7], meta_info: { id: 'a', finish_reason: { type: 'stop' }, ...row } };
    const alone = await open('a.jsonl', [reply]);
    expect(alone.decoded).toMatchObject([{ rollout: { branches: [{ events: [{ tokens: { ids: Int32Array.of(7) } }] }] } }]);
    const asked = await open('a.jsonl', [{ prompt: 'w', ...reply }]);
    expect(asked.decoded).toMatchObject([{ rollout: { taskLabel: 'w' }, notes: [{ code: 'token-ids' }] }]);
  });
});
