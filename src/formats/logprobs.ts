/** Reads the log-prob payloads of model servers, which other formats carry inside their records. */
import type { LoggedTokens } from '../core/model/rollout.ts';
import { LARGEST_VOCABULARY, entropyBounds } from '../core/signal/top-k.ts';
import { get, getList, isObject } from './json.ts';
import { readIds } from './per-token.ts';

/** One sampled token with the most likely alternatives, as far as the server tells. */
interface TokenRow {
  readonly text: string;
  readonly bytes: Uint8Array | null;
  /** Nats; NaN where the server gives none (the first echoed token). */
  readonly logprob: number;
  readonly id: number | null;
  readonly top: readonly number[];
}

/** The ids of one model call, prompt included, where the server was asked to return them. */
export interface CallIds {
  readonly prompt: Int32Array;
  readonly completion: Int32Array;
}

/**
 * What `choice` logs about the tokens it sampled, or null where it logs nothing: `texts`, `logprobs` and, where
 * alternatives are listed, bounds on the entropy. The texts join to the sampled text. There are no `ids` in the
 * result, because ids must cover the message with its template scaffold; for those see `callIds`.
 *
 * Understands OpenAI and vLLM chat (`logprobs.content`, `logprobs.refusal`), legacy completions
 * (`logprobs.token_logprobs`), SGLang (`meta_info.output_token_logprobs`) and TGI (`details.tokens`). A whole reply
 * (`{choices: [...]}`) stands for its first choice. `vocabularySize` tightens the upper bound where it is known.
 */
export function loggedFromChoice(choice: unknown, vocabularySize: number = LARGEST_VOCABULARY): LoggedTokens | null {
  const rows = tokenRows(firstChoice(choice));
  if (rows === null || rows.length === 0) return null;
  const logprobs = Float64Array.from(rows, (row) => row.logprob);
  const logged = { texts: joinableTexts(rows), logprobs };
  if (rows.every((row) => row.top.length === 0)) return logged;
  const entropyLow = new Float64Array(rows.length).fill(Number.NaN);
  const entropyHigh = new Float64Array(rows.length).fill(Number.NaN);
  rows.forEach((row, i) => {
    const bounds = boundsOf(row, vocabularySize);
    entropyLow[i] = bounds.low;
    entropyHigh[i] = bounds.high;
  });
  return { ...logged, entropyLow, entropyHigh };
}

/**
 * Ids of prompt and completion of a reply: vLLM's `prompt_token_ids` with `choices[0].token_ids` (or
 * `token_id:` texts), SGLang's `input_token_logprobs` with `output_ids`. Null unless both are there.
 */
export function callIds(reply: unknown): CallIds | null {
  const choice = firstChoice(reply);
  const meta = get(choice, 'meta_info');
  const prompt =
    readIds(get(reply, 'prompt_token_ids')) ??
    readIds(get(choice, 'prompt_token_ids')) ??
    readIds(getList(meta, 'input_token_logprobs')?.map((row) => (Array.isArray(row) ? (row as unknown[])[1] : null)));
  const completion =
    readIds(get(choice, 'token_ids')) ?? readIds(get(choice, 'output_ids')) ?? readIds(tokenRows(choice)?.map((row) => row.id));
  return prompt === null || completion === null ? null : { prompt, completion };
}

function firstChoice(reply: unknown): unknown {
  return getList(reply, 'choices')?.[0] ?? reply;
}

function tokenRows(choice: unknown): TokenRow[] | null {
  const logprobs = get(choice, 'logprobs');
  const content = getList(logprobs, 'content') ?? getList(logprobs, 'refusal');
  if (content !== undefined) return content.every(isObject) ? content.map(chatRow) : null;
  if (Array.isArray(logprobs)) return logprobs.every(isObject) ? logprobs.map(chatRow) : null; // Responses API parts
  const legacy = getList(logprobs, 'token_logprobs');
  if (legacy !== undefined) return legacyRows(logprobs, legacy);
  const meta = get(choice, 'meta_info');
  const output = getList(meta, 'output_token_logprobs');
  if (output !== undefined) return sglangRows(output, getList(meta, 'output_top_logprobs'));
  const details = get(choice, 'details');
  const tokens = getList(details, 'tokens');
  if (tokens !== undefined) return tgiRows(tokens, getList(details, 'top_tokens'));
  return null;
}

function chatRow(entry: unknown): TokenRow {
  const token = get(entry, 'token');
  const text = typeof token === 'string' ? token : '';
  return {
    text,
    bytes: readBytes(get(entry, 'bytes')),
    logprob: numberOf(get(entry, 'logprob')),
    id: idFromText(text),
    top: (getList(entry, 'top_logprobs') ?? []).map((other) => numberOf(get(other, 'logprob'))),
  };
}

/** `{tokens, token_logprobs, top_logprobs: [{text: logprob}]}`; the first log-prob of an echoed prompt is null. */
function legacyRows(logprobs: unknown, values: readonly unknown[]): TokenRow[] {
  const tokens = getList(logprobs, 'tokens') ?? [];
  const tops = getList(logprobs, 'top_logprobs') ?? [];
  return values.map((value, i) => {
    const text = textOf(tokens[i]);
    const top = tops[i];
    return {
      text,
      bytes: null,
      logprob: numberOf(value),
      id: idFromText(text),
      top: isObject(top) ? Object.values(top).map(numberOf) : [],
    };
  });
}

/** Rows of `[logprob, id, text | null]`, in this order. */
function sglangRows(rows: readonly unknown[], tops: readonly unknown[] | undefined): TokenRow[] {
  return rows.map((row, i) => {
    const [logprob, id, text]: readonly unknown[] = Array.isArray(row) ? row : [];
    const top = tops?.[i];
    return {
      text: textOf(text),
      bytes: null,
      logprob: numberOf(logprob),
      id: typeof id === 'number' ? id : null,
      top: Array.isArray(top) ? top.map((other: unknown) => numberOf(Array.isArray(other) ? (other as unknown[])[0] : null)) : [],
    };
  });
}

function tgiRows(tokens: readonly unknown[], tops: readonly unknown[] | undefined): TokenRow[] {
  return tokens.map((token, i) => {
    const id = get(token, 'id');
    const top = tops?.[i];
    return {
      text: textOf(get(token, 'text')),
      bytes: null,
      logprob: numberOf(get(token, 'logprob')),
      id: typeof id === 'number' ? id : null,
      top: Array.isArray(top) ? top.map((other: unknown) => numberOf(get(other, 'logprob'))) : [],
    };
  });
}

/**
 * Servers add the sampled token to the list where it is not among the most likely. Such a token (in the list it can
 * only be the last) must not limit how likely the hidden ones are, so it counts as known from outside the list.
 */
function boundsOf(row: TokenRow, vocabularySize: number): { readonly low: number; readonly high: number } {
  const at = row.top.findIndex((logprob) => Math.abs(logprob - row.logprob) < 1e-6);
  if (at < 0) return entropyBounds(row.top, vocabularySize, row.logprob);
  const isLowest = row.top.every((logprob) => logprob >= row.top[at]!);
  if (!isLowest || row.top.length === 1) return entropyBounds(row.top, vocabularySize);
  return entropyBounds(
    row.top.filter((_, i) => i !== at),
    vocabularySize,
    row.top[at],
  );
}

/**
 * A token may end inside a character. Where bytes are logged, such a token gets no text and the token that completes
 * the character gets all of it, so that the texts still join to what was sampled.
 */
function joinableTexts(rows: readonly TokenRow[]): string[] {
  if (rows.some((row) => row.bytes === null)) return rows.map((row) => row.text);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const texts = rows.map((row) => decoder.decode(row.bytes!, { stream: true }));
  texts[texts.length - 1] += decoder.decode();
  return texts;
}

function readBytes(value: unknown): Uint8Array | null {
  if (!Array.isArray(value)) return null;
  const bytes = new Uint8Array(value.length);
  for (let i = 0; i < value.length; i++) {
    const byte: unknown = value[i];
    if (typeof byte !== 'number' || !Number.isInteger(byte) || byte < 0 || byte > 255) return null;
    bytes[i] = byte;
  }
  return bytes;
}

/** vLLM's `return_tokens_as_token_ids`. */
function idFromText(text: string): number | null {
  const match = /^token_id:(\d{1,9})$/.exec(text);
  return match === null ? null : Number(match[1]);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
