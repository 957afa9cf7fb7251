/**
 * Asks an address that a person entered. The key goes into the head of its requests and nowhere else: no redirect is followed, and
 * whatever comes back is rid of it.
 */
import { chatAddress, chatBody, readChat, withoutKey, type ChatChoice } from '../../engine/judge/chat.ts';
import type { JudgeFailure, SendQuestion } from '../../engine/judge/judge.ts';
import { AddressFault, Unreached, reached } from './address-fault.ts';
import type { FetchFrom } from './fetch-from.ts';

/** Bytes of one answer; a score needs a few dozen. */
const LONGEST_ANSWER = 4 << 20;

/**
 * Throws AddressFault where there is no such address.
 *
 * @param key of the person, or '' where the address asks for none
 */
export function judgeAt(choice: ChatChoice, key: string, fetchFrom: FetchFrom): SendQuestion {
  const address = chatAddress(choice.address);
  if (!address.ok) throw new AddressFault(`Expected an http or https address of a judge, found ${address.found}.`);
  const url = new URL(address.href);
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json', ...(key !== '' && { Authorization: `Bearer ${key}` }) };
  const failure = (kind: JudgeFailure['kind'], found: string): JudgeFailure => ({
    kind,
    expected: 'an answer',
    found: withoutKey(found, key),
    afterSeconds: null,
  });
  return async (prompt, signal) => {
    const how = {
      body: chatBody(choice, prompt),
      hosts: [url.origin],
      redirect: 'manual',
      signal,
      headers,
      isFresh: true,
    } as const;
    try {
      const { answer, isRedirect } = await reached(url.host, fetchFrom(url, how), signal);
      if (isRedirect) {
        await answer.body?.cancel();
        return failure(
          'never',
          `a redirect from ${url.host}, which is not followed: the key and the texts are for the address that was entered`,
        );
      }
      const text = await bodyOf(answer);
      if (text === null) return failure('this', `more than ${LONGEST_ANSWER.toLocaleString('en')} bytes`);
      const reply = readChat({ status: answer.status, retryAfter: answer.headers.get('retry-after'), text }, Date.now());
      // A model may repeat whatever it was told, and excerpts of what it says are shown.
      return reply.kind === 'answer' ? { ...reply, text: withoutKey(reply.text, key) } : { ...reply, found: withoutKey(reply.found, key) };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Unreached) return failure('unreached', `none: ${error.message}`);
      if (error instanceof AddressFault) return failure('never', error.message);
      // It broke off; hosts tell of that by a TypeError too.
      if (error instanceof TypeError) return failure('again', `an answer from ${url.host} that breaks off`);
      throw error;
    }
  };
}

/** All of an answer as text; null: it is longer than may be. */
async function bodyOf(answer: Response): Promise<string | null> {
  if (answer.body === null) return '';
  const reader = answer.body.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let bytes = 0; ;) {
    const { value, done } = await reader.read();
    if (done) return new Blob(chunks).text();
    bytes += value.byteLength;
    if (bytes > LONGEST_ANSWER) {
      await reader.cancel();
      return null;
    }
    chunks.push(Uint8Array.from(value));
  }
}
