/** Changes to the text of a log, at random: values, keys, lines, bytes, and entries of lists of numbers. */
import fc from 'fast-check';

/** What stands where a value stood. */
const ODD = [
  'null',
  '""',
  '[]',
  '{}',
  '-1',
  'NaN',
  '1e999',
  'true',
  '"x"',
  '12345678901234567890',
  '[[]]',
  '{"role":"user"}',
  '"\\ud83d"',
  '[null]',
];
const VALUE = /(?<=:\s*)(?:"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null|\[\]|\{\})/g;
const ENTRY = /(?<=[[,]\s*)(?:-?\d+(?:\.\d+)?|true|false)(?=\s*[\],])/g;
/** What stands where an entry of a list of numbers stood. */
const ODD_ENTRY = [
  'null',
  'NaN',
  '-Infinity',
  '-0',
  '1e-7',
  '0.12345678901234567890',
  '12345678901234567890',
  '01',
  'true',
  'None',
  '"7"',
  '[0]',
  '{}',
  '',
  '-1',
  '1e999',
  '  3',
  '2147483648',
  '0.5,0.25',
];

export type Change =
  | { readonly kind: 'value' | 'entry'; readonly at: number; readonly with: number }
  | { readonly kind: 'key'; readonly at: number }
  | { readonly kind: 'cut' | 'line' | 'drop' | 'byte'; readonly at: number };

const at = fc.nat(100_000);

/** @param entries how often an entry of a list is changed, where a value is 6 */
export function change(entries: number): fc.Arbitrary<Change> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('value' as const), at, with: fc.nat(ODD.length - 1) }) },
    { weight: entries, arbitrary: fc.record({ kind: fc.constant('entry' as const), at, with: fc.nat(ODD_ENTRY.length - 1) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('key' as const), at }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('cut' as const, 'line' as const, 'drop' as const, 'byte' as const), at }) },
  );
}

/** `text` with the `at`-th match replaced, counted around. */
function replaceOne(text: string, pattern: RegExp, index: number, replacement: string): string {
  const found = [...text.matchAll(pattern)];
  const match = found[index % Math.max(1, found.length)];
  return match === undefined ? text : text.slice(0, match.index) + replacement + text.slice(match.index + match[0].length);
}

export function applyChange(text: string, one: Change): string {
  const lines = text.split('\n');
  const line = one.at % lines.length;
  switch (one.kind) {
    case 'value':
      return replaceOne(text, VALUE, one.at, ODD[one.with] ?? 'null');
    case 'entry':
      return replaceOne(text, ENTRY, one.at, ODD_ENTRY[one.with] ?? 'null');
    case 'key':
      return replaceOne(text, /"\w+"(?=\s*:)/g, one.at, `"key${one.at % 7}"`);
    case 'cut':
      return text.slice(0, one.at % (text.length + 1));
    case 'line':
      return lines.toSpliced(line, 0, lines[(line * 7) % lines.length] ?? '').join('\r\n');
    case 'drop':
      return lines.toSpliced(line, 1).join('\n');
    case 'byte':
      return `${text.slice(0, one.at % text.length)}\u0001${text.slice((one.at % text.length) + 1)}`;
  }
}
