/** The curve of a part as a file, so that a budget can be shared by parts on many machines. */
import { makeRun, RUN, type Run } from '../../core/prune/run.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import type { ExportSink } from '../../core/export/sink.ts';
import { get, isObject } from '../../formats/json.ts';
import { SEAL_BYTES, sealBytes } from '../../core/model/seal.ts';
import { makeDigest } from '../export/hash.ts';
import { openOutput } from '../export/output.ts';
import { CURVE_RUNS, NO_DEMAND, type Curve, type CurveRun, type Demand } from './curve.ts';
import { mergeRuns, type RunReader } from './merge.ts';

const MAGIC = 'ESPCURV2';
/** As version 1 begins and ends; it has no checksum. */
const UNSEALED = 'ESPCURV1';
/** Bytes that are read at once to be hashed. */
const CHUNK = 8 << 20;
/** Rows of a piece. Each column of a piece lies behind the one before it, little-endian. */
const PIECE = 1 << 14;
const COLUMNS = ['key', 'cost', 'value', 'share', 'high', 'low', 'kind', 'flags'] as const;
const ROW_BYTES = 3 * 8 + 3 * 4 + 2;

/** What a file says of itself, at its end. */
interface Foot {
  /** Budgets are shared only by parts that were ordered by one rule. */
  readonly rule: string;
  readonly rows: Readonly<Record<CurveRun, number>>;
  readonly demand: Demand;
}

/** Writes the curves of a part's own parts as one. @param rule as text */
export async function writeCurve(curves: readonly Curve[], rule: string, sink: ExportSink, name: string): Promise<void> {
  const file = await openOutput(sink, name);
  const digest = await makeDigest();
  const output = {
    add(bytes: Uint8Array): Promise<void> | null {
      digest.update(bytes);
      return file.add(bytes);
    },
  };
  const rows = { order: 0, bound: 0, rest: 0, train: 0 };
  await output.add(new TextEncoder().encode(MAGIC));
  const ranks = await ranksOf(curves);
  for (const kind of CURVE_RUNS) {
    const piece = makeRun(PIECE);
    let held = 0;
    await mergeRuns(
      curves.map(({ runs }) => runs[kind]),
      (part, run, row) => {
        for (const column of COLUMNS) piece[column][held] = run[column][row] ?? 0;
        if (kind === 'train') piece.cost[held] = ranks[part]?.[run.cost[row] ?? 0] ?? 0;
        rows[kind]++;
        if (++held < PIECE) return true;
        held = 0;
        return output.add(bytesOf(piece, PIECE))?.then(() => true) ?? true;
      },
    );
    if (held > 0) await output.add(bytesOf(piece, held));
  }
  const foot = new TextEncoder().encode(JSON.stringify({ rule, rows, demand: curves.at(-1)?.demand ?? NO_DEMAND } satisfies Foot));
  await output.add(foot);
  await output.add(new Uint8Array(Uint32Array.of(foot.length).buffer));
  await output.add(new TextEncoder().encode(MAGIC));
  await file.add(sealBytes(digest.hex()));
  await file.close();
}

/** part -> group of it -> its place among the groups of all */
async function ranksOf(curves: readonly Curve[]): Promise<readonly number[][]> {
  const ranks = curves.map((): number[] => []);
  let groups = 0;
  await mergeRuns(
    curves.map(({ runs }) => runs.order),
    (part, run, row) => {
      if (((run.flags[row] ?? 0) & RUN.opens) !== 0) ranks[part]?.push(groups++);
      return true;
    },
  );
  return ranks;
}

function bytesOf(piece: Run, rows: number): Uint8Array {
  const bytes = new Uint8Array(rows * ROW_BYTES);
  let at = 0;
  for (const column of COLUMNS) {
    const { buffer, BYTES_PER_ELEMENT: size } = piece[column];
    bytes.set(new Uint8Array(buffer, 0, rows * size), at);
    at += rows * size;
  }
  return bytes;
}

/**
 * The curves of files, in their order. Rejects with a sentence where one is no curve, is not what was written, or was made by
 * another rule.
 * @returns them, and the rule that they share, as text
 */
export async function readCurves(files: readonly ByteSource[]): Promise<{ readonly curves: readonly Curve[]; readonly rule: string }> {
  const curves: Curve[] = [];
  let rule: string | null = null;
  let demand = NO_DEMAND;
  for (const file of files) {
    const foot = await readFoot(file);
    rule ??= foot.rule;
    if (foot.rule !== rule) throw new Error(`${file.name}: made by another rule than ${files[0]?.name}`);
    demand = {
      hasPins: demand.hasPins || foot.demand.hasPins,
      cost: demand.cost + foot.demand.cost,
      signal: demand.signal + foot.demand.signal,
      total: demand.total + foot.demand.total,
    };
    let at = MAGIC.length;
    const runs = perRun((kind) => {
      const from = at;
      at += foot.rows[kind] * ROW_BYTES;
      return readerOf(file, from, foot.rows[kind]);
    });
    curves.push({ runs, demand });
  }
  return { curves, rule: rule ?? '' };
}

function perRun<T>(make: (kind: CurveRun) => T): Record<CurveRun, T> {
  return { order: make('order'), bound: make('bound'), rest: make('rest'), train: make('train') };
}

async function readFoot(file: ByteSource): Promise<Foot> {
  const no = (): never => {
    throw new Error(`${file.name}: expected a curve, as espalier curve writes it`);
  };
  const tail = MAGIC.length + 4;
  const magic = new TextDecoder().decode(await file.read(0, Math.min(MAGIC.length, file.byteLength)));
  const size = magic === UNSEALED ? file.byteLength : file.byteLength - SEAL_BYTES;
  if ((magic !== UNSEALED && magic !== MAGIC) || size < MAGIC.length + tail) return no();
  if (magic === MAGIC) await checkSeal(file);
  const end = await file.read(size - tail, size);
  if (new TextDecoder().decode(end.subarray(4)) !== magic) return no();
  const length = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  const from = size - tail - length;
  if (from < MAGIC.length) return no();
  const foot = parsed(new TextDecoder().decode(await file.read(from, from + length)));
  const [rule, rows, demand] = [get(foot, 'rule'), get(foot, 'rows'), get(foot, 'demand')];
  const count = (kind: CurveRun): number => {
    const found = get(rows, kind);
    return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : no();
  };
  const sum = (name: string): number => {
    const found = get(demand, name);
    return typeof found === 'number' && found >= 0 ? found : no();
  };
  if (typeof rule !== 'string' || !isObject(rows) || !isObject(demand)) return no();
  const counts = perRun(count);
  const all = CURVE_RUNS.reduce((total, kind) => total + counts[kind], 0);
  if (MAGIC.length + all * ROW_BYTES !== from) return no();
  return {
    rule,
    rows: counts,
    demand: { hasPins: get(demand, 'hasPins') === true, cost: sum('cost'), signal: sum('signal'), total: sum('total') },
  };
}

/** Rejects where the file does not end in the checksum of what stands before. */
async function checkSeal(file: ByteSource): Promise<void> {
  const digest = await makeDigest();
  const size = file.byteLength - SEAL_BYTES;
  for (let at = 0; at < size; at += CHUNK) digest.update(await file.read(at, Math.min(at + CHUNK, size)));
  const seal = sealBytes(digest.hex());
  if ((await file.read(size, file.byteLength)).some((byte, i) => byte !== seal[i]))
    throw new Error(`${file.name}: the curve does not fit its checksum: it has been changed, or was cut off, since it was written`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function readerOf(file: ByteSource, start: number, rows: number): RunReader {
  return {
    async *read() {
      for (let row = 0; row < rows; row += PIECE) {
        const count = Math.min(PIECE, rows - row);
        const from = start + row * ROW_BYTES;
        yield runOf(await file.read(from, from + count * ROW_BYTES), count);
      }
    },
    drop: () => undefined,
  };
}

function runOf(bytes: Uint8Array, rows: number): Run {
  const run = makeRun(rows);
  let at = 0;
  for (const column of COLUMNS) {
    const { buffer, byteLength } = run[column];
    new Uint8Array(buffer).set(bytes.subarray(at, at + byteLength));
    at += byteLength;
  }
  return run;
}
