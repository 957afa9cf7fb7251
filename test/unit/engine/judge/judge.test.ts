/** A judge behind real HTTP: the stand-in answers, stumbles, is slow or ends; each sample comes to a score or an issue. */
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_PROMPT } from '../../../../src/core/judge/prompt.ts';
import type { JudgeAnswer, JudgeProgress, JudgeSettings } from '../../../../src/engine/answers/judging.ts';
import { DEFAULT_JUDGE, judge } from '../../../../src/engine/judge/judge.ts';
import { fetchFrom } from '../../../../src/platform/node/fetch-from.ts';
import { judgeAt } from '../../../../src/platform/web/judge-address.ts';
import { envelope, startJudge, type AskedQuestion, type JudgeServer, type Reaction } from '../../../helpers/judgeServer.ts';

const KEY = 'sk-secret-0123456789abcdef';
const CANDIDATES = ['one', 'two', 'three'].map((name) => ({ key: name, name, task: `Mend ${name}.`, patch: `+fix ${name}` }));

const servers: JudgeServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface Asked {
  readonly settings?: Partial<JudgeSettings>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JudgeProgress) => void;
  readonly key?: string;
}

async function ask(
  react: (question: AskedQuestion, n: number) => Reaction,
  asked: Asked = {},
): Promise<{ answer: JudgeAnswer; server: JudgeServer }> {
  const server = await startJudge(react);
  servers.push(server);
  const send = judgeAt({ address: server.address, model: 'stand-in', temperature: null }, asked.key ?? KEY, fetchFrom);
  const answer = await judge({
    candidates: CANDIDATES,
    settings: { ...DEFAULT_JUDGE, prompt: DEFAULT_PROMPT, ...asked.settings },
    send,
    signal: asked.signal ?? new AbortController().signal,
    ...(asked.onProgress && { onProgress: asked.onProgress }),
    firstWait: 0.001,
  });
  return { answer, server };
}

/** Which candidate a question is about. */
const about = ({ body }: AskedQuestion): string => /\+fix (\w+)/.exec(body.messages[0]?.content ?? '')?.[1] ?? '';
const score = (n: number): Reaction => ({ say: JSON.stringify({ score: n }) });

describe('a judge', () => {
  it('gives each candidate the mean of its samples, with their number and spread, whoever answers first', async () => {
    const given: Record<string, number[]> = { one: [2, 4], two: [9, 9], three: [0, 10] };
    const progress: JudgeProgress[] = [];
    const { answer, server } = await ask((question, n) => ({ say: `{"score": ${given[about(question)]?.shift()}}`, slowly: n % 3 }), {
      settings: { samples: 2, atOnce: 3 },
      onProgress: (each) => progress.push(each),
    });
    expect(answer.scores.map(({ name, samples, mean, spread, issues }) => [name, samples, mean, spread, issues])).toEqual([
      ['one', 2, 3, Math.SQRT2, []],
      ['two', 2, 9, 0, []],
      ['three', 2, 5, Math.sqrt(50), []],
    ]);
    expect(answer).toMatchObject({ requests: 6, repeated: 0, isCancelled: false, tokens: { prompt: 600, completion: 42, answers: 6 } });
    expect(server.mostUnderWay()).toBeLessThanOrEqual(3);
    expect(progress.at(-1)).toMatchObject({ done: 6, total: 6, failed: 0 });
    expect(
      server.asked.every(
        ({ path, authorization, body }) =>
          path === '/v1/chat/completions' && authorization === `Bearer ${KEY}` && body.model === 'stand-in',
      ),
    ).toBe(true);
    expect(server.asked[0]?.body.messages[0]?.content).toContain('Mend one.');
  });

  it('asks again after 429, 5xx, JSON that is none and an answer that breaks off', async () => {
    const stumbles: Reaction[] = [
      { status: 429, text: '{"error": {"message": "slow down"}}', headers: { 'Retry-After': '0' } },
      { status: 503, text: 'overloaded' },
      { status: 200, text: '{"choices": [' },
      'break-off',
    ];
    const { answer } = await ask((_, n) => stumbles[n] ?? score(8), { settings: { atOnce: 1 } });
    expect(answer.scores.map(({ mean }) => mean)).toEqual([8, 8, 8]);
    expect(answer).toMatchObject({ requests: 7, repeated: 4 });
  });

  it('makes an issue of what fails for good, and never a zero', async () => {
    const { answer } = await ask((question) => {
      if (about(question) === 'one') return { status: 500, text: '' };
      return about(question) === 'two' ? { status: 400, text: '{"error": {"message": "too long"}}' } : { say: 'It is splendid.' };
    });
    expect(answer.scores.map(({ mean, samples, issues }) => [mean, samples, issues])).toEqual([
      [null, 0, [{ sample: 0, expected: 'an answer', found: 'status 500, 5 times' }]],
      [null, 0, [{ sample: 0, expected: 'an answer', found: 'status 400: too long' }]],
      [null, 0, [{ sample: 0, expected: 'a score from 0 to 10 as JSON', found: '“It is splendid.”' }]],
    ]);
    // An answer without a score is not asked for again.
    expect(answer.requests).toBe(5 + 1 + 1);
  });

  it('stops where no other question would be answered either', async () => {
    const { answer, server } = await ask(() => ({ status: 401, text: '{"error": {"message": "no such key"}}' }), {
      settings: { atOnce: 1 },
    });
    expect(server.asked).toHaveLength(1);
    expect(answer.scores.map(({ issues }) => issues[0]?.found)).toEqual([
      'status 401: no such key',
      'no question any more, because of: status 401: no such key',
      'no question any more, because of: status 401: no such key',
    ]);
  });

  it('says so at once where nobody answers at the address', async () => {
    const server = await startJudge(() => score(1));
    server.close();
    const send = judgeAt({ address: server.address, model: 'stand-in', temperature: null }, '', fetchFrom);
    const settings = { ...DEFAULT_JUDGE, prompt: DEFAULT_PROMPT };
    const answer = await judge({ candidates: CANDIDATES, settings, send, signal: new AbortController().signal });
    expect(answer.requests).toBeLessThanOrEqual(3);
    expect(answer.scores[0]?.issues[0]?.found).toContain('Could not reach 127.0.0.1');
  });

  it('gives a question up that is not answered in time', async () => {
    const { answer } = await ask((question, n) => (n < 2 && about(question) === 'one' ? 'hang' : score(6)), {
      settings: { atOnce: 1, seconds: 0.05 },
    });
    expect(answer.scores.map(({ mean }) => mean)).toEqual([6, 6, 6]);
    expect(answer.repeated).toBe(2);
  });

  it('keeps what has come where it is cancelled, and lets go of what is under way', async () => {
    const stop = new AbortController();
    const { answer, server } = await ask(
      (question, n) => {
        if (n > 0) setTimeout(() => stop.abort(), 10);
        return about(question) === 'one' ? score(7) : 'hang';
      },
      { settings: { atOnce: 1 }, signal: stop.signal },
    );
    expect(answer.isCancelled).toBe(true);
    expect(answer.scores.map(({ mean, issues }) => [mean, issues.length])).toEqual([
      [7, 0],
      [null, 1],
      [null, 1],
    ]);
    for (let waited = 0; server.underWay() > 0 && waited < 200; waited++) await new Promise((done) => setTimeout(done, 10));
    expect(server.underWay()).toBe(0);
    expect(server.asked).toHaveLength(2);
  });

  it('follows no redirect, so that the key goes nowhere else', async () => {
    const other = await startJudge(() => score(1));
    servers.push(other);
    const { answer } = await ask(() => ({ status: 307, text: '', headers: { Location: `${other.address}/chat/completions` } }));
    expect(answer.scores[0]?.issues[0]?.found).toContain('a redirect');
    expect(other.asked).toEqual([]);
  });

  it('tells the key to nobody, though the address repeats it', async () => {
    const said = [`Incorrect API key provided: ${KEY}.`, `key=${KEY.slice(0, 12)}… is wrong`];
    const refuse = (n: number): Reaction => ({ status: 400, text: JSON.stringify({ error: { message: said[n] } }) });
    const { answer } = await ask((_, n) => (n < 2 ? refuse(n) : { say: `No number, but "${KEY}"` }), { settings: { atOnce: 1 } });
    expect(answer.scores.map(({ issues }) => issues[0]?.found)).toEqual([
      'status 400: Incorrect API key provided: [key]',
      'status 400: [key] is wrong',
      '“No number, but [key]”',
    ]);
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('needs no key, and then sends none', async () => {
    const { answer, server } = await ask(() => score(3), { key: '' });
    expect(answer.scores[0]?.mean).toBe(3);
    expect(server.asked.map(({ authorization }) => authorization)).toEqual([undefined, undefined, undefined]);
  });

  it('takes no answer without end', async () => {
    const { answer } = await ask(() => ({ status: 200, text: envelope('a'.repeat(5 << 20)) }), { settings: { atOnce: 1 } });
    expect(answer.scores[0]?.issues[0]?.found).toBe('more than 4,194,304 bytes');
  });
});
