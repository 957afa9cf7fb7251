/** Reads the log-prob payloads of model servers, which other formats carry inside their records. */
import { ROUNDING_MASS, ROUNDING_NATS } from '../base/bounds.ts';
import type { LoggedTokens, NumberFault } from '../core/model/rollout.ts';
import { isNoLogprob } from '../core/tokens/batch-writer.ts';
import { isPlausible, LOGPROBS } from '../core/tokens/plausible.ts';
import { LARGEST_VOCABULARY, entropyBounds } from '../core/signal/top-k.ts';
import { rememberChoice } from './alternatives.ts';
import { asLogged, describe, get, getList, isObject, toNumber } from './json.ts';
import type { Complaint } from './format.ts';
import { noteIds, readIds } from './per-token.ts';

/** One sampled token with the most likely alternatives, as far as the server tells. */
interface TokenRow {
  readonly text: string;
  readonly bytes: Uint8Array | null;
  /** As logged, in nats; null where the server gives none (the first echoed token). */
  readonly logprob: unknown;
  readonly id: number | null;
  /** Log-probs of the most likely tokens, as logged. */
  readonly top: readonly unknown[];
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
  const first = firstChoice(choice);
  const rows = tokenRows(first);
  if (rows === null || rows.length === 0) return null;
  const odd = new OddNumbers();
  const logprobs = Float64Array.from(rows, (row, i) => odd.read(row.logprob, 'log-probs that are numbers or null', i));
  const texts = joinableTexts(rows);
  if (rows.every((row) => row.top.length === 0)) return { texts, logprobs, ...odd.faults() };
  rememberChoice(texts, first);
  const entropyLow = new Float64Array(rows.length).fill(Number.NaN);
  const entropyHigh = new Float64Array(rows.length).fill(Number.NaN);
  rows.forEach((row, i) => {
    const top = row.top.map((logprob) => odd.read(logprob, ALTERNATIVES, i));
    const bounds = boundsOf(drawn(logprobs[i]!), checkedTop(top, odd, i), vocabularySize);
    entropyLow[i] = bounds.low;
    entropyHigh[i] = bounds.high;
  });
  return { texts, logprobs, entropyLow, entropyHigh, ...odd.faults() };
}

const ALTERNATIVES = 'log-probs of alternatives that are numbers, at most 0 and together of probability 1';

/** What a reply's rows hold that cannot be, by what is wanted there. */
class OddNumbers {
  private readonly kinds = new Map<string, { expected: string; count: number; first: string; rounded?: true }>();

  /** NaN where there is none, or (counted) no number. */
  read(value: unknown, expected: string, token: number): number {
    const number = asLogged(value);
    if (number !== undefined && !Number.isNaN(number)) return number;
    if (value !== null && value !== undefined) this.add(expected, `${describe(value)} at token ${token}`);
    return Number.NaN;
  }

  add(expected: string, first: string, rounded = false): void {
    const key = `${rounded ? 1 : 0}${expected}`;
    const kind = this.kinds.get(key);
    if (kind) kind.count++;
    else this.kinds.set(key, { expected, count: 1, first, ...(rounded ? { rounded } : {}) });
  }

  faults(): { readonly faults?: readonly NumberFault[] } {
    return this.kinds.size === 0 ? {} : { faults: [...this.kinds.values()] };
  }
}

/** The log-prob of the token that was drawn, for a look among the alternatives: what cannot be is unknown there too. */
function drawn(logprob: number): number {
  if (logprob > 0) return logprob <= ROUNDING_NATS ? 0 : Number.NaN;
  return isPlausible(logprob, LOGPROBS) || isNoLogprob(logprob) ? logprob : Number.NaN;
}

/** The alternatives, none where they are no distribution. */
function checkedTop(top: readonly number[], odd: OddNumbers, token: number): readonly number[] {
  let mass = 0;
  for (const logprob of top) {
    if (logprob > ROUNDING_NATS) {
      odd.add(ALTERNATIVES, `${logprob} at token ${token}`);
      return [];
    }
    if (logprob > 0) odd.add(ALTERNATIVES, `${logprob} at token ${token}`, true);
    mass += Math.exp(Math.min(logprob, 0));
  }
  if (!(mass > 1 + ROUNDING_MASS)) return top;
  odd.add(ALTERNATIVES, `probabilities that add up to ${mass.toFixed(3)} at token ${token}`);
  return [];
}

/**
 * Ids of prompt and completion of a reply: vLLM's `prompt_token_ids` with `choices[0].token_ids` (or
 * `token_id:` texts), SGLang's `input_token_logprobs` with `output_ids`. Null unless both are there.
 */
export function callIds(reply: unknown, notes: Complaint[]): CallIds | null {
  const choice = firstChoice(reply);
  const meta = get(choice, 'meta_info');
  const logged = ['prompt_token_ids', 'token_ids', 'output_ids'].flatMap((key) => [get(reply, key), get(choice, key)]);
  const prompt =
    readIds(get(reply, 'prompt_token_ids')) ??
    readIds(get(choice, 'prompt_token_ids')) ??
    readIds(getList(meta, 'input_token_logprobs')?.map((row) => (Array.isArray(row) ? (row as unknown[])[1] : null))) ??
    readIds(getList(get(choice, 'details'), 'prefill')?.map((token) => get(token, 'id')));
  const completion = completionIds(choice);
  if (prompt !== null && completion !== null) return { prompt, completion };
  noteIds(logged, 'prompt_token_ids, token_ids and output_ids', notes);
  return null;
}

/** The ids of a reply alone; null where it has none. */
export function completionIds(reply: unknown): Int32Array | null {
  const choice = firstChoice(reply);
  return readIds(get(choice, 'token_ids')) ?? readIds(get(choice, 'output_ids')) ?? readIds(tokenRows(choice)?.map((row) => row.id));
}

/** A whole reply stands for its first choice. */
export function firstChoice(reply: unknown): unknown {
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
    logprob: get(entry, 'logprob'),
    id: idFromText(text) ?? toNumber(get(entry, 'id')) ?? null,
    top: (getList(entry, 'top_logprobs') ?? []).map((other) => get(other, 'logprob')),
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
      logprob: value,
      id: idFromText(text),
      top: isObject(top) ? Object.values(top) : [],
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
      logprob,
      id: typeof id === 'number' ? id : null,
      top: Array.isArray(top) ? top.map((other: unknown) => (Array.isArray(other) ? (other as unknown[])[0] : null)) : [],
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
      logprob: get(token, 'logprob'),
      id: typeof id === 'number' ? id : null,
      top: Array.isArray(top) ? top.map((other: unknown) => get(other, 'logprob')) : [],
    };
  });
}

/**
 * Servers add the sampled token to the list where it is not among the most likely. Such a token (in the list it can
 * only be the last) must not limit how likely the hidden ones are, so it counts as known from outside the list.
 */
function boundsOf(drawnAt: number, top: readonly number[], vocabularySize: number): { readonly low: number; readonly high: number } {
  const at = top.findIndex((logprob) => Math.abs(logprob - drawnAt) < 1e-6);
  if (at < 0) return entropyBounds(top, vocabularySize, drawnAt);
  const isLowest = top.every((logprob) => logprob >= top[at]!);
  if (!isLowest || top.length === 1) return entropyBounds(top, vocabularySize);
  return entropyBounds(
    top.filter((_, i) => i !== at),
    vocabularySize,
    top[at],
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

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
