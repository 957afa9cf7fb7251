import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatAddress, keyFault, readChat, withoutKey } from '../../../../src/engine/judge/chat.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('an address of a judge', () => {
  it.each([
    ['http://localhost:8000', 'http://localhost:8000/v1/chat/completions'],
    ['http://localhost:8000/v1/', 'http://localhost:8000/v1/chat/completions'],
    ['https://a.example/v1/chat/completions', 'https://a.example/v1/chat/completions'],
    [' https://a.example/api/v3#x ', 'https://a.example/api/v3/chat/completions'],
    ['https://a.example/v1?version=2', 'https://a.example/v1/chat/completions?version=2'],
  ])('%s', (typed, href) => expect(chatAddress(typed)).toEqual({ ok: true, href }));

  it.each(['', 'localhost', 'ftp://a.example/v1', 'https://me:secret@a.example/v1'])('is none in %s', (typed) => {
    expect(chatAddress(typed).ok).toBe(false);
    expect(JSON.stringify(chatAddress(typed))).not.toContain('secret');
  });
});

describe('what it answers', () => {
  const read = (status: number, text: string, retryAfter: string | null = null): unknown => readChat({ status, text, retryAfter }, NOW);

  it('is a text, also one in parts', () => {
    expect(read(200, '{"choices": [{"message": {"content": "a"}}]}')).toMatchObject({ kind: 'answer', text: 'a', promptTokens: null });
    expect(read(200, '{"choices": [{"message": {"content": [{"type": "text", "text": "a"}, {"text": "b"}]}}]}')).toMatchObject({
      text: 'ab',
    });
  });

  it('says when to come again', () => {
    expect(read(429, '', '7')).toMatchObject({ kind: 'again', afterSeconds: 7 });
    expect(read(503, '', 'Thu, 01 Jan 2026 00:00:30 GMT')).toMatchObject({ kind: 'again', afterSeconds: 30 });
    expect(read(503, '', 'soon')).toMatchObject({ kind: 'again', afterSeconds: null });
  });

  it('tells what is for good from what is not', () => {
    expect(read(429, '{"error": {"code": "insufficient_quota", "message": "no money"}}')).toMatchObject({
      kind: 'never',
      found: 'status 429: no money',
    });
    expect(read(404, '{"detail": "no such model"}')).toMatchObject({ kind: 'never', found: 'status 404: no such model' });
    expect(read(422, '{"error": "too long"}')).toMatchObject({ kind: 'this', found: 'status 422: too long' });
    expect(read(200, '{"error": {"message": "busy"}}')).toMatchObject({ kind: 'this', found: 'status 200: busy' });
    expect(read(200, '{"choices": []}')).toMatchObject({ kind: 'this', found: 'an answer without' });
    expect(read(200, 'null')).toMatchObject({ kind: 'this' });
  });
});

it('never throws, whatever comes, and says of everything what it is', () => {
  const any = fc.oneof(
    fc.json(),
    fc.string(),
    fc.anything().map((value) => JSON.stringify(value) ?? ''),
    fc.jsonValue().map((value) => JSON.stringify({ choices: [{ message: value }] })),
  );
  const date = fc.option(fc.string(), { nil: null });
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), any, date, (status, text, retryAfter) => {
      const { kind } = readChat({ status, text, retryAfter }, NOW);
      expect(['answer', 'again', 'this', 'never']).toContain(kind);
      if (status >= 300) expect(kind).not.toBe('answer');
    }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.webUrl(), fc.string()), (typed) => {
      expect(typeof chatAddress(typed).ok).toBe('boolean');
    }),
  );
});

describe('a key', () => {
  it('is of letters that a head may hold, and the refusal does not name it', () => {
    expect(keyFault('sk-abc')).toBeNull();
    expect(keyFault('two words')).toContain('visible ASCII');
    expect(keyFault('two words')).not.toContain('words');
  });

  it('is taken out of texts word by word', () => {
    expect(withoutKey('a sk-12345678 b "x-sk-12345678!" c', 'sk-12345678')).toBe('a [key] b [key] c');
    expect(withoutKey('only abc of it', 'abc')).toBe('only [key] of it');
    expect(withoutKey('nothing', '')).toBe('nothing');
  });
});
