/** Fetching from other hosts: which are asked, what goes with a request, and how it ends. */
import { afterEach, expect, it, vi } from 'vitest';
import { fetchThrough, makeFetcher, type Fetcher } from '../../../src/platform/browser/elsewhere.ts';
import type { FetchHow } from '../../../src/platform/web/fetch-from.ts';

afterEach(() => vi.restoreAllMocks());

const asked: string[] = [];
function answer(response: (url: string) => Response): void {
  asked.length = 0;
  vi.spyOn(globalThis, 'fetch').mockImplementation((input) => {
    const url = input instanceof Request ? input.url : input.toString();
    asked.push(url);
    return Promise.resolve(response(url));
  });
}

it.each([
  [['https://a.example'], 'https://a.example/x', true],
  [['https://a.example'], 'https://a.example:8443/x', false],
  [['https://a.example'], 'http://a.example/x', false],
  [['https://a.example'], 'https://b.a.example/x', false],
  [['https://*.a.example'], 'https://b.a.example/x', true],
  [['https://*.a.example'], 'https://a.example/x', false],
  [['https://*.a.example'], 'http://b.a.example/x', false],
  [['https://*.a.example'], 'https://xa.example/x', false],
  [['*'], 'http://a.example/x', true],
  [['*'], 'file:///etc/passwd', false],
  [[], 'https://a.example/x', false],
])('with leave for %s asks %s: %s', async (hosts, url, isAsked) => {
  answer(() => new Response('here'));
  const begun = makeFetcher(hosts).begin(1, url, { redirect: 'manual' });
  if (isAsked) expect(await begun).toMatchObject({ status: 200, hasBody: true });
  else await expect(begun).rejects.toThrow('was not allowed');
  expect(asked).toEqual(isAsked ? [url] : []);
});

it('takes nothing of an answer that came from elsewhere', async () => {
  answer(() => Object.defineProperty(new Response('here'), 'url', { value: 'https://b.example/x' }));
  await expect(makeFetcher(['https://a.example']).begin(1, 'https://a.example/x', { redirect: 'follow' })).rejects.toThrow(
    'b.example was not allowed',
  );
});

/** The asking side over a fetcher in this very thread. */
function through(change: Partial<Fetcher> = {}) {
  const made = { ...makeFetcher(['*']), ...change };
  const counts = { lent: 0, back: 0, cancelled: 0 };
  const fetchFrom = fetchThrough(() => {
    counts.lent++;
    return {
      fetcher: {
        begin: made.begin,
        read: made.read,
        cancel: async (id) => {
          counts.cancelled++;
          await Promise.resolve(made.cancel(id));
        },
      },
      giveBack: () => counts.back++,
    };
  });
  const how = (signal = new AbortController().signal): FetchHow => ({ hosts: ['*'], redirect: 'manual', signal });
  return { counts, how, fetchFrom };
}

it('gives the bytes, status and headers, and the fetcher back at the end', async () => {
  answer(() => new Response('some bytes', { status: 203, headers: { 'x-size': '10' } }));
  const { counts, how, fetchFrom } = through();
  const { answer: got, isRedirect } = await fetchFrom(new URL('https://a.example/x'), how());
  expect([got.status, got.headers.get('x-size'), isRedirect]).toEqual([203, '10', false]);
  expect(await got.text()).toBe('some bytes');
  expect(counts).toEqual({ lent: 1, back: 1, cancelled: 1 });
});

it('asks the page’s own host itself', async () => {
  answer(() => new Response('own'));
  const { counts, how, fetchFrom } = through();
  expect(await (await fetchFrom(new URL('/x', location.href), how())).answer.text()).toBe('own');
  expect(counts.lent).toBe(0);
});

it('ends when it is cancelled, and when the fetcher fails', async () => {
  answer(() => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) })));
  const { counts, how, fetchFrom } = through();
  const cancel = new AbortController();
  await fetchFrom(new URL('https://a.example/x'), how(cancel.signal));
  cancel.abort();
  expect(counts).toEqual({ lent: 1, back: 1, cancelled: 1 });
  const broken = through({ begin: () => Promise.reject(new TypeError('Failed to fetch')) });
  await expect(broken.fetchFrom(new URL('https://a.example/x'), broken.how())).rejects.toThrow(TypeError);
  expect(broken.counts.back).toBe(1);
});
