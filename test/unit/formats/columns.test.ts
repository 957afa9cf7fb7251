/** Records read with columns: the values, repairs and keys of the reader of whole texts, and no way to forge a column. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnNow, isColumn, itemAt, parseColumns, parseShortened, type ColumnTree } from '../../../src/formats/columns.ts';
import { parseJson } from '../../../src/formats/json.ts';

const TREE: ColumnTree = { ids: 'read', mask: 'read', late: 'later', gone: 'unread', steps: { ids: 'read', inner: { ids: 'read' } } };
const encoder = new TextEncoder();

function columnsOf(text: string): ReturnType<typeof parseColumns> {
  return parseColumns(encoder.encode(text), TREE);
}

/** Columns as the lists they stand for. */
function plain(logged: unknown): unknown {
  const value = columnNow(logged);
  if (value instanceof Uint8Array) return Array.from(value, (entry) => entry === 1);
  if (isColumn(value)) return Array.from(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Every column with the path to it. */
function places(value: unknown, path = ''): string[] {
  if (isColumn(value)) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => places(item, `${path}/${key}`));
}

const entry = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(fc.nat(9), fc.double({ noNaN: true, noDefaultInfinity: true })).map(String) },
  fc.constantFrom(
    'true',
    'false',
    'null',
    'NaN',
    'Infinity',
    '-inf',
    'None',
    'True',
    '12345678901234567890',
    '-0',
    '1e999',
    '"x"',
    '"[5]"',
    '{}',
    '{"ids":[0]}',
    '[0]',
    '[[1]]',
    '',
    '01',
  ),
);
const list = fc.array(entry, { maxLength: 5 }).map((entries) => `[${entries.join(', ')}]`);
const pure = fc.array(fc.nat(3), { minLength: 1, maxLength: 4 }).map((entries) => JSON.stringify(entries));
const key = fc.constantFrom('ids', 'mask', 'late', 'steps', 'inner', 'other', 'a \\"ids', 'i\\u0064s', '__proto__', 'é', '');
const { value } = fc.letrec<{ value: string; object: string }>((tie) => ({
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    .map((members) => `{${members.map(([name, item]) => `"${name}": ${item}`).join(',')}}`),
  value: fc.oneof(
    { weight: 4, arbitrary: pure },
    { weight: 2, arbitrary: list },
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    entry,
  ),
}));
const record = fc
  .array(fc.tuple(key, value), { minLength: 1, maxLength: 5 })
  .map((members) => `{${members.map(([name, item]) => `"${name}":${item}`).join(',')}}`);

describe('columns', () => {
  it('hold what the whole text holds, with the same repairs', () => {
    let read = 0;
    fc.assert(
      fc.property(record, (text) => {
        const columns = columnsOf(text);
        if (columns === null) return;
        read++;
        const whole = parseJson(text);
        if (!whole.ok) throw new Error(`read with columns, but not as text: ${text}`);
        expect(plain(columns.value)).toEqual(plain(whole.value));
        expect(columns.repairs).toEqual(whole.repairs);
      }),
      { numRuns: 8000 },
    );
    expect(read).toBeGreaterThan(1000);
  });

  it('are made at the keys named, through lists, and nowhere else', () => {
    const text =
      '{"ids":[1],"mask":[true],"x":{"ids":[2]},' +
      '"steps":[{"ids":[3.5],"inner":{"ids":[4],"mask":[5]}},[{"ids":[[6],[7]]}]],"other":[8],"text":"[9]"}';
    const { value } = columnsOf(text)!;
    expect(places(value).sort()).toEqual(['/ids', '/mask', '/steps/0/ids', '/steps/0/inner/ids', '/steps/1/0/ids/0', '/steps/1/0/ids/1']);
    expect(plain(value)).toEqual(JSON.parse(text));
  });

  it('may be read later, as long as no other record is asked for', () => {
    const { value } = columnsOf('{"ids":[1],"late":[0.5,-2],"steps":[{"ids":[2]}]}')!;
    const { late, ids } = value as { late: unknown; ids: unknown };
    expect(isColumn(late)).toBe(false);
    expect([columnNow(late), columnNow(late), columnNow(ids)]).toEqual([
      Float64Array.of(0.5, -2),
      Float64Array.of(0.5, -2),
      Int32Array.of(1),
    ]);
    expect(columnsOf('{"late":[1,null],"ids":[3]}')?.value).toEqual({ late: [1, null], ids: Int32Array.of(3) });
  });

  it('leave out what nobody reads, where it is a strict list', () => {
    expect(columnsOf('{"gone":[1,2],"ids":[3]}')?.value).toEqual({ gone: [], ids: Int32Array.of(3) });
    expect(columnsOf('{"gone":[1,,2],"ids":[3]}')).toBeNull();
    expect(columnsOf('{"gone":[1,null],"ids":[3]}')?.value).toEqual({ gone: [1, null], ids: Int32Array.of(3) });
  });

  it('cannot be forged: what stands for a column is a column itself', () => {
    expect(columnsOf('{"mask":[0],"ids":[7,8]}')?.value).toEqual({ mask: Int32Array.of(0), ids: Int32Array.of(7, 8) });
    expect(columnsOf('{"ids":[7,8],"x":[0],"steps":[0]}')?.value).toEqual({ ids: Int32Array.of(7, 8), x: [0], steps: [0] });
    // A key in other letters is the same key: such a record is left to the reader of texts.
    expect(columnsOf('{"ids":[7,8],"m\\u0061sk":[0]}')).toBeNull();
    expect(columnsOf('{"ids":[7,8],"text":"m\\u0061sk"}')?.value).toEqual({ ids: Int32Array.of(7, 8), text: 'mask' });
    expect(columnsOf(JSON.stringify('{"ids":[0]}'))).toBeNull();
  });

  it('leave to the reader of texts what it has to complain of', () => {
    expect(columnsOf('{"ids":[1,2],"x":')).toBeNull();
    expect(columnsOf('{"other":[1,2]}')).toBeNull();
    expect(columnsOf('[{"ids":[1,2]}]')).toBeNull();
    expect(parseColumns(Uint8Array.of(...encoder.encode('{"ids":[1],"x":"'), 0xff, ...encoder.encode('"}')), TREE)).toBeNull();
  });

  it('give their entries as JSON has them', () => {
    expect([itemAt(Uint8Array.of(1, 0), 0), itemAt(Uint8Array.of(1, 0), 1), itemAt(Uint8Array.of(1), 1)]).toEqual([true, false, undefined]);
    expect([itemAt(Int32Array.of(4), 0), itemAt(['x'], 0), itemAt('x', 0), itemAt(undefined, 0)]).toEqual([4, 'x', undefined, undefined]);
  });
});

describe('a look at the structure', () => {
  it('sees the first entries of long lists and all else', () => {
    const long = Array.from({ length: 5000 }, (_, i) => i / 3);
    const record = {
      a: long,
      text: `[${'1,'.repeat(5000)}1] \\" {`,
      b: [[1, 2], long, ['x', ...long]],
      c: [true, null],
      d: long.map((v) => v > 5),
    };
    const { a, b, d, ...rest } = record;
    const parsed = parseShortened(encoder.encode(JSON.stringify(record)));
    if (!parsed.ok) throw new Error(parsed.message);
    const seen = parsed.value as typeof record;
    for (const [short, whole] of [
      [seen.a, a],
      [seen.b[1]!, b[1]!],
      [seen.d, d],
    ] as const) {
      expect(short.length).toBeLessThan(200);
      expect(short).toEqual(whole.slice(0, short.length));
    }
    expect({ text: seen.text, c: seen.c, first: seen.b[0], last: seen.b[2] }).toEqual({ ...rest, first: b[0], last: b[2] });
  });
});
