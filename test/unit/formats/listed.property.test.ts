/** Records whose listed objects are parsed once are what `parseJson` makes of their whole text, and no format changes them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isShared } from '../../../src/base/shared.ts';
import { decodeRecord } from '../../../src/formats/detect.ts';
import { decodeText, isList, isObject, parseJson } from '../../../src/formats/json.ts';
import { parseListed } from '../../../src/formats/listed.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import '../../helpers/drawSeed.ts';

const encoder = new TextEncoder();
const LINES = linesOf('test/fixtures', 60_000);

function linesOf(folder: string, most: number): readonly { readonly format: string; readonly line: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.jsonl?$/.test(name) && !name.includes('.expected.') && statSync(join(folder, name)).size < most)
    .sort()
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const lines = name.endsWith('l') ? text.split('\n') : [text];
      return lines.filter((line) => line !== '').map((line) => ({ format: name.split('/', 1)[0] ?? '', line }));
    });
}

/** Null: it is left to the reader of whole texts. */
function expectEqual(bytes: Uint8Array): boolean {
  const listed = parseListed(bytes);
  if (listed === null) return false;
  const { text, invalid } = decodeText(bytes);
  const plain = parseJson(text);
  expect(invalid).toBe(0);
  expect(plain.ok && { value: plain.value, repairs: plain.repairs }).toEqual(listed);
  // Keys in the same order, and the signs of zeros.
  expect(JSON.stringify(listed.value)).toBe(plain.ok ? JSON.stringify(plain.value) : '');
  return true;
}

/** An object, and all in it, so that a change of it throws. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\\"{}[\],:0 ]{0,80}$/), fc.string({ maxLength: 300 }));
const message = fc.dictionary(fc.oneof(fc.constantFrom('role', 'content', '__proto__', '1'), text), fc.oneof(text, fc.jsonValue()));
const member = fc.oneof(fc.array(message, { maxLength: 6 }), fc.jsonValue(), fc.array(fc.oneof(message, fc.integer(), fc.constant([]))));
const record = fc.dictionary(fc.oneof(fc.constantFrom('messages', 'tools', '__proto__', '7', 'a"b', 'é'), text), member);

const change = fc.record({ at: fc.nat(), byte: fc.oneof(fc.constantFrom(...encoder.encode('\\"{}[],: 0')), fc.nat({ max: 255 })) });

describe('records with lists of objects', () => {
  it('are what the reader of whole texts makes of them, whatever is in them', () => {
    let taken = 0;
    fc.assert(
      fc.property(record, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        if (expectEqual(encoder.encode(JSON.stringify(value, null, indent)))) taken++;
      }),
      { numRuns: 1500 },
    );
    expect(taken).toBeGreaterThan(200);
  });

  it('are so when their bytes are changed', () => {
    fc.assert(
      fc.property(record, fc.array(change, { maxLength: 3 }), (value, changes) => {
        const bytes = encoder.encode(JSON.stringify(value));
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
        expectEqual(bytes);
      }),
      { numRuns: 1500 },
    );
  });

  it('are so in every fixture', () => {
    expect(existsSync('test/fixtures')).toBe(true);
    expect(LINES.filter(({ line }) => expectEqual(encoder.encode(line))).length).toBeGreaterThan(50);
  });

  it('are never changed by a format', () => {
    let decoded = 0;
    for (const { format: id, line } of LINES) {
      const format = FORMATS.find((candidate) => candidate.id === id);
      const parsed = parseListed(encoder.encode(line));
      if (format === undefined || parsed === null) continue;
      const context = { name: 'a', path: 'a', index: 0, line: 1 };
      const before = JSON.stringify(decodeRecord(format, structuredClone(parsed.value), context));
      expect(JSON.stringify(decodeRecord(format, frozen(parsed.value), context))).toBe(before);
      decoded++;
    }
    expect(decoded).toBeGreaterThan(50);
  });
});

it.each([
  ['a key twice', '{"messages":[{"a":1}],"messages":[0]}'],
  ['a key twice, the list last', '{"messages":[0],"messages":[{"a":1}]}'],
  ['a key with an escape', '{"mess\\u0061ges":[{"a":1}]}'],
  ['a list with more than objects', '{"messages":[{"a":1},0]}'],
  ['no comma between two objects', '{"messages":[{"a":1}{"a":1}]}'],
  ['a digit before an object', '{"messages":[1{"a":1}]}'],
  ['a sign before an object', '{"messages":[-{"a":1}]}'],
  ['a fraction behind an object', '{"messages":[{"a":1}.5]}'],
  ['an exponent behind an object', '{"messages":[{"a":1}e5]}'],
  ['an object with a comma too many', '{"messages":[{"a":1,}]}'],
  ['a bracket of the other kind', '{"messages":[{"a":[1}]]}'],
  ['text behind the record', '{"messages":[{"a":1}]} {}'],
  ['a number that is none in an object', '{"messages":[{"a":NaN}]}'],
  ['a long integer in an object', '{"messages":[{"a":12345678901234567890}]}'],
])('%s is left to the reader of whole texts', (_, line) => {
  expect(parseListed(encoder.encode(line))).toBe(null);
});

it('an object is parsed once for equal bytes, until it was not met for long', () => {
  const line = (id: number, body: string): Uint8Array =>
    encoder.encode(JSON.stringify({ id, messages: [{ content: 'one' }, { content: body }], tools: [{ name: 't' }] }));
  const firstOf = (bytes: Uint8Array): object => {
    const value = parseListed(bytes)?.value;
    const messages = isObject(value) ? value['messages'] : null;
    if (!isList(messages) || !isObject(messages[0])) throw new Error('the record was not taken');
    return messages[0];
  };
  const first = firstOf(line(0, 'a'));
  expect(isShared(first)).toBe(true);
  // 24 MB of other objects, in which the first one is met throughout.
  for (let id = 1; id <= 24; id++) expect(firstOf(line(id, String(id).padEnd(1 << 20, 'x')))).toBe(first);
  for (let id = 1; id <= 24; id++) {
    const bytes = encoder.encode(JSON.stringify({ messages: [{ content: String(id).padEnd(1 << 20, 'y') }] }));
    expectEqual(bytes);
  }
  const again = firstOf(line(0, 'a'));
  expect(again).not.toBe(first);
  expect(again).toEqual(first);
});

it('a record of more bytes than are remembered is left to the reader of whole texts', () => {
  const bytes = encoder.encode(JSON.stringify({ messages: [{ content: 'x'.repeat(6 << 20) }] }));
  expect(parseListed(bytes)).toBe(null);
});
