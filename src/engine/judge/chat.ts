/** The words of an OpenAI-compatible address: where it is asked, what is sent, and what its answer means. Nothing is sent here. */
import { getId, getList, getObject, getString, get, parseJson, toNumber } from '../../formats/json.ts';
import type { JudgeFailure, JudgeReply } from './judge.ts';

export interface ChatChoice {
  /** As a person typed it. */
  readonly address: string;
  readonly model: string;
  /** Null: the address's own. */
  readonly temperature: number | null;
}

export type ChatAddress = { readonly ok: true; readonly href: string } | { readonly ok: false; readonly found: string };

const PATH = 'chat/completions';
const EXCERPT = 300;

/** `HOST`, `HOST/v1` and `HOST/v1/chat/completions` are the same address. */
export function chatAddress(typed: string): ChatAddress {
  const text = typed.trim();
  if (!URL.canParse(text)) return { ok: false, found: text === '' ? 'nothing' : 'no address' };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { ok: false, found: url.protocol };
  if (url.username !== '' || url.password !== '') return { ok: false, found: 'an address with a name or password in it' };
  url.hash = '';
  const path = url.pathname.replace(/\/+$/, '');
  if (!path.endsWith(`/${PATH}`)) url.pathname = `${path === '' ? '/v1' : path}/${PATH}`;
  return { ok: true, href: url.href };
}

/** Why a key cannot go along, or null. Says nothing of what it is. */
export function keyFault(key: string): string | null {
  return /^[\x21-\x7e]*$/.test(key) ? null : 'expected a key of visible ASCII letters without blanks, found others in it';
}

export function chatBody({ model, temperature }: ChatChoice, prompt: string): string {
  return JSON.stringify({ model, messages: [{ role: 'user', content: prompt }], ...(temperature === null ? {} : { temperature }) });
}

export interface ChatResponse {
  readonly status: number;
  /** `Retry-After`, as it stands; null: there is none. */
  readonly retryAfter: string | null;
  readonly text: string;
}

/** Statuses after which the same question may be answered, and those after which none will be. */
const AGAIN = new Set([408, 409, 425, 429]);
const NEVER = new Set([401, 402, 403, 404, 405]);

/** @param now milliseconds since the epoch, which a date in Retry-After is held against */
export function readChat({ status, retryAfter, text }: ChatResponse, now: number): JudgeReply | JudgeFailure {
  const parsed = parseJson(text);
  const value = parsed.ok ? parsed.value : null;
  const error = get(value, 'error');
  const isAnswer = status >= 200 && status < 300 && error === undefined;
  if (!isAnswer) {
    const said =
      typeof error === 'string' ? error : (getString(error, 'message') ?? getString(value, 'message') ?? getString(value, 'detail'));
    const isSpent = getId(error, 'code') === 'insufficient_quota';
    const kind = isSpent || NEVER.has(status) ? 'never' : AGAIN.has(status) || status >= 500 ? 'again' : 'this';
    const found = `status ${status}${said === undefined ? '' : `: ${said.slice(0, EXCERPT)}`}`;
    return { kind, expected: 'an answer', found, afterSeconds: waitOf(retryAfter, now) };
  }
  if (!parsed.ok) return { kind: 'again', expected: 'an answer in JSON', found: 'text that is none', afterSeconds: null };
  const message = getObject(getList(value, 'choices')?.[0], 'message');
  const content = get(message, 'content');
  const parts = Array.isArray(content) ? content.map((part) => getString(part, 'text') ?? '').join('') : undefined;
  const answer = typeof content === 'string' ? content : parts;
  if (answer === undefined)
    return { kind: 'this', expected: 'choices with a message and its content', found: 'an answer without', afterSeconds: null };
  const usage = getObject(value, 'usage');
  return {
    kind: 'answer',
    text: answer,
    promptTokens: toNumber(usage?.['prompt_tokens']) ?? null,
    completionTokens: toNumber(usage?.['completion_tokens']) ?? null,
  };
}

function waitOf(retryAfter: string | null, now: number): number | null {
  if (retryAfter === null) return null;
  const seconds = /^\d{1,9}(\.\d{1,3})?$/.test(retryAfter.trim()) ? Number(retryAfter) : (Date.parse(retryAfter) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

const LEAST_OF_KEY = 6;

/** What an address says, without words that hold the key or a part of it: some repeat it in what they refuse. */
export function withoutKey(text: string, key: string): string {
  if (key === '') return text;
  const all = new Set([key]);
  for (let at = 0; at + LEAST_OF_KEY <= key.length; at++) all.add(key.slice(at, at + LEAST_OF_KEY));
  const pieces = [...all].filter((piece) => text.includes(piece));
  return pieces.length === 0 ? text : text.replace(/\S+/g, (word) => (pieces.some((piece) => word.includes(piece)) ? '[key]' : word));
}
