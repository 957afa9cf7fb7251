/** Changes to the structure of JSON: types, nesting, keys, numbers, surrogates, subtrees of other inputs, repeated members. */
import type { Random } from '../random.ts';
import { mutateText } from './text.ts';

/** Where text stands that no value spells, and a key that its object has already: what `written` makes of them. */
const RAW = '\ue000R';
const TWICE = '\ue000D';
const WRITTEN = /"\ue000R([^\ue000]*)\ue000"|\ue000D\d+\ue000/g;

/** What stands where a value stood, as JSON text or as what writers of JSON write instead. */
const ODD = [
  'null', 'true', 'false', '""', '[]', '{}', '0', '-1', '-0', '1', '1.5', '1e308', '-1e308', '1e999', '-1e999', '1e-320', '1e400',
  '2147483648',   '-2147483649', '4294967301', '9007199254740993',
  '12345678901234567890', '1e300', '0.1', 'NaN', 'nan', 'Infinity', '-Infinity', 'None',
  'True', 'undefined', '01', '-', '"0"', '"NaN"', '"1e5"', '"\\ud83d"', '"\\udc4d\\ud83d"', '"\\u0000"', '"\\u001b[2J"', '"\\u202e"', '"a"',
  '[[]]', '[null]', '[{}]', '[0]', '[1e999]', '["a"]', '[[[[[[[[[[]]]]]]]]]]', '{"a":1}', '{"role":"user"}', 
  '{"role":"assistant","content":"x"}',
  '{"__proto__":{"a":1}}', '{"constructor":{"prototype":{}}}', '{"toString":1}', '{"length":1e9}', '{"type":"text","text":"x"}',
  '{"type":"image_url","image_url":{"url":"data:,"}}', '"[{\\"role\\":\\"user\\",\\"content\\":\\"q\\"}]"', '"{}"', '"[1,2]"',
]; // prettier-ignore

/** Keys that some format reads; those of seeds are added by `learnKeys`. */
const KEYS = new Set(['__proto__', 'constructor', 'hasOwnProperty', 'length', '', 'toString', '0', '-1']);
let keys: readonly string[] = [...KEYS];

/** Makes the keys of a seed those that other inputs' keys may turn into. */
export function learnKeys(value: unknown): void {
  for (const { key } of slotsOf(value)) if (typeof key === 'string' && KEYS.size < 2000) KEYS.add(key);
  keys = [...KEYS];
}

type Holder = Record<string, unknown> | unknown[];
interface Slot {
  readonly holder: Holder;
  readonly key: string | number;
}
const MOST_SLOTS = 600;

/** The places below a value, outer ones first, without recursion. */
function slotsOf(root: unknown): Slot[] {
  const slots: Slot[] = [];
  const waiting: unknown[] = [root];
  for (let i = 0; i < waiting.length && slots.length < MOST_SLOTS; i++) {
    const holder = waiting[i] as Holder;
    for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
      slots.push({ holder, key });
      const value: unknown = Reflect.get(holder, key);
      if (typeof value === 'object' && value !== null) waiting.push(value);
      if (slots.length >= MOST_SLOTS) break;
    }
  }
  return slots;
}

/** The text with one to a few of its values changed; null where it is no JSON. @param other JSON of another input */
export function mutateJson(text: string, random: Random, other: string): string | null {
  const root = parsed(text);
  if (typeof root !== 'object' || root === null) return null;
  const whole = { root };
  const times = random.chance(0.6) ? 1 : 1 + random.below(5);
  for (let i = 0; i < times; i++) mutateOnce(whole, random, other);
  return written(whole.root);
}

function mutateOnce(whole: Record<string, unknown>, random: Random, other: string): void {
  const slots = slotsOf(whole);
  if (slots.length === 0) return;
  const { holder, key } = random.pick(slots);
  const value: unknown = Reflect.get(holder, key);
  const put = (next: unknown): void => void Reflect.set(holder, key, next);
  switch (random.below(13)) {
    case 0:
    case 1:
    case 2:
      return put(raw(random.pick(ODD)));
    case 3:
      return put(raw(nested(written(value), random)));
    case 4:
      return twice(holder, key, random.chance(0.5) ? value : raw(random.pick(ODD)), random);
    case 5:
      return renamed(holder, key, random.pick(keys));
    case 6:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else Reflect.deleteProperty(holder, key);
      return;
    case 7: {
      const foreign = parsed(other);
      return put(valueAt(random.pick(slotsOf({ foreign }))) ?? null);
    }
    case 8: {
      const list = random.pick(slots.filter((slot) => Array.isArray(valueAt(slot))).concat({ holder: { none: [0] }, key: 'none' }));
      return repeated(valueAt(list) as unknown[], random);
    }
    case 9:
      return put(raw(written(valueAt(random.pick(slots)))));
    case 10:
      if (typeof value === 'number') return put(raw(numberNear(value, random)));
      return put(raw(random.pick(ODD)));
    default: {
      const texts = slots.filter((slot) => typeof valueAt(slot) === 'string');
      if (texts.length === 0) return put(raw(random.pick(ODD)));
      const chosen = random.pick(texts);
      const from = texts.length > 1 ? String(valueAt(random.pick(texts))) : other;
      Reflect.set(chosen.holder, chosen.key, mutateText(String(valueAt(chosen)), random, from).replaceAll('\ue000', ''));
    }
  }
}

function valueAt({ holder, key }: Slot): unknown {
  return Reflect.get(holder, key);
}

function raw(text: string): string {
  return `${RAW}${text}\ue000`;
}

/** Shallow mostly, now and then deeper than any writer nests. */
function nested(text: string, random: Random): string {
  const depth = random.chance(0.9) ? 1 + random.below(6) : 1 + random.below(3000);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"content":', '}'],
    ['{"messages":[', ']}'],
  ]);
  return open.repeat(depth) + text + close.repeat(depth);
}

function twice(holder: Holder, key: string | number, value: unknown, random: Random): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 0, value);
  else Reflect.set(holder, `${TWICE}${random.below(100)}\ue000${key}`, value);
}

/** Members that follow it stay behind it. */
function renamed(holder: Holder, key: string | number, name: string): void {
  if (Array.isArray(holder)) return void holder.splice(Number(key), 1, { [`${TWICE}0\ue000${name}`]: holder[Number(key)] });
  const value = holder[key];
  Reflect.deleteProperty(holder, key);
  Reflect.set(holder, `${TWICE}0\ue000${name}`, value);
}

function repeated(list: unknown[], random: Random): void {
  const from = random.below(list.length + 1);
  const part = list.slice(from, from + 1 + random.below(4));
  const times = random.chance(0.8) ? 1 + random.below(3) : random.below(60);
  for (let i = 0; i < times; i++) list.splice(from, 0, ...part.map((each) => structuredClone(each)));
}

function numberNear(value: number, random: Random): string {
  return String(random.pick([value + 1, value - 1, -value, value * 1e9, value / 3, value + 0.5, value * 2 ** 32, Math.floor(value)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function written(value: unknown): string {
  // Raw text of raw text: what is put around a value holds it as it was written.
  return (JSON.stringify(value) ?? 'null').replace(WRITTEN, (_, inner: string | undefined) =>
    inner === undefined ? '' : unescaped(inner),
  );
}

/** What `JSON.stringify` made of raw text, back again. */
function unescaped(inner: string): string {
  return inner.includes('\\') ? (JSON.parse(`"${inner}"`) as string) : inner;
}
