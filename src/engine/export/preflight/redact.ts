/**
 * Replaces secrets in texts by placeholders that say what stood there: `[e-mail address 1]`. One redactor gives one value one placeholder,
 * numbered as it meets them, so equal inputs in equal order give equal texts. What it leaves of a match is what tells nothing of
 * anyone: the scheme of an address, the folder of homes. Texts are read in linear time (`secrets.ts`).
 */
import { hash128 } from '../../../base/hash.ts';
import { findSecrets, masked, SECRET_KINDS, type SecretKind } from './secrets.ts';

/** Which kinds are replaced, and which values of them stay all the same. */
export interface RedactChoice {
  readonly kinds: ReadonlySet<SecretKind>;
  /** By `secretId`. */
  readonly except: ReadonlySet<string>;
}

export interface RedactedValue {
  readonly kind: SecretKind;
  readonly id: string;
  readonly masked: string;
  readonly times: number;
}

export interface Redactor {
  text(text: string): string;
  /** The same value with every text in it replaced, names of members too. Plain data only. */
  deep<T>(value: T): T;
  /** What it has replaced, in the order in which it met it. */
  found(): readonly RedactedValue[];
}

/** Names a value without giving it away to who reads a list; not against who guesses. */
export function secretId(value: string): string {
  return hash128(value).slice(0, 16);
}

/** `none`, `all`, or kinds and `!id`s with commas between. Null where a word is none of these. */
export function readRedact(text: string): RedactChoice | null {
  const kinds = new Set<SecretKind>();
  const except = new Set<string>();
  for (const word of text.split(',').map((each) => each.trim())) {
    const kind = SECRET_KINDS.find(({ id }) => id === word)?.id;
    if (word === 'none') continue;
    if (word === 'all') for (const { id } of SECRET_KINDS) kinds.add(id);
    else if (kind !== undefined) kinds.add(kind);
    else if (/^![0-9a-f]{16}$/.test(word)) except.add(word.slice(1));
    else if (word !== '') return null;
  }
  return { kinds, except };
}

/** A pass may join what stood apart; it is read again until nothing is found. */
const PASSES = 4;

export function makeRedactor({ kinds, except }: RedactChoice): Redactor {
  const known = new Map<string, { kind: SecretKind; placeholder: string; masked: string; times: number }>();
  const numbers = new Map<SecretKind, number>();

  const placeholderOf = (kind: SecretKind, value: string): string => {
    const key = `${kind} ${value}`;
    const own = known.get(key);
    if (own !== undefined) {
      own.times++;
      return own.placeholder;
    }
    const number = (numbers.get(kind) ?? 0) + 1;
    numbers.set(kind, number);
    const { label } = SECRET_KINDS.find(({ id }) => id === kind) ?? { label: kind };
    const placeholder = `[${label} ${number}]`;
    known.set(key, { kind, placeholder, masked: masked({ kind, value }), times: 1 });
    return placeholder;
  };

  const once = (text: string): string => {
    const found = findSecrets(text)
      .filter(({ kind, value }) => kinds.has(kind) && !except.has(secretId(value)))
      .sort((a, b) => a.at - b.at || b.value.length - a.value.length);
    let out = '';
    let end = 0;
    for (const { kind, value, at, before, after } of found) {
      // Of two that overlap, what the first leaves of the second is read in the next pass.
      if (at < end) continue;
      out += text.slice(end, at + before) + placeholderOf(kind, value);
      end = at + value.length - after;
    }
    return out + text.slice(end);
  };
  const redactText = (text: string): string => {
    let now = text;
    for (let pass = 0; pass < PASSES; pass++) {
      const next = once(now);
      if (next === now) break;
      now = next;
    }
    return now;
  };
  // A text for a text, a list for a list, an object for an object: of what type it was, it is.
  function deep<T>(value: T): T;
  function deep(value: unknown): unknown {
    if (typeof value === 'string') return redactText(value);
    if (Array.isArray(value)) return value.map((each: unknown) => deep(each));
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]: [string, unknown]) => [redactText(name), deep(member)]));
  }
  return {
    text: redactText,
    deep,
    found: () =>
      [...known].map(([key, own]) => ({
        kind: own.kind,
        id: secretId(key.slice(own.kind.length + 1)),
        masked: own.masked,
        times: own.times,
      })),
  };
}
