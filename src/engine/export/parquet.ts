/** Writers of Parquet files: rows are gathered into row groups, so a file of any size needs the memory of one group. */
import type { ParquetWriter } from 'hyparquet-writer';
import type { OptionValues } from '../answers/exporting.ts';
import type { PlannedExport } from './planned.ts';
import type { UnitWriter } from './profile.ts';
import type { Tally } from './tally.ts';
import type { TrainingUnit } from './units.ts';

/** Rows of a group where a profile does not say: trainers read a group at a time, and rows may be megabytes. */
const GROUP_ROWS = 256;

let loaded: typeof import('hyparquet-writer') | null = null;

/** Loads what writes Parquet; to be awaited once before a file is begun. Rejects where it cannot be loaded, and may be asked again. */
export async function prepareParquet(): Promise<void> {
  loaded ??= await import('hyparquet-writer');
}

/** The schema as the format spells it: the root with its number of columns, then every column and what is in it, depth first. */
export type ParquetSchema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];

export type ParquetRow = Readonly<Record<string, unknown>>;

/** A Parquet file while it is written. Bytes are valid until they are asked for again. */
export interface ParquetFile {
  /** What stands before the first row. */
  readonly head: Uint8Array;
  /** Null where the rows only wait for more. Missing columns are null. */
  add(rows: readonly ParquetRow[]): Uint8Array | null;
  /** The last row group, and what stands behind it. */
  finish(): Uint8Array;
}

/** @param groupRows rows of a group: what is in memory at a time. Throws before `prepareParquet`. */
export function parquetFile(schema: ParquetSchema, groupRows: number): ParquetFile {
  if (loaded === null) throw new Error('a Parquet file is begun before its writer was loaded');
  const names = topColumns(schema);
  const bytes = new loaded.ByteWriter();
  const parquet = new loaded.ParquetWriter({ writer: bytes, schema, createdBy: 'espalier', statistics: false });
  let held: ParquetRow[] = [];
  const takeBytes = (): Uint8Array => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  const writeGroup = (): void => {
    if (held.length === 0) return;
    void parquet.write({
      columnData: names.map((name) => ({ name, data: held.map((row) => row[name] ?? null) })),
      rowGroupSize: held.length,
    });
    held = [];
  };
  return {
    head: takeBytes(),
    add(rows) {
      for (const row of rows) {
        held.push(row);
        if (held.length >= groupRows) writeGroup();
      }
      return bytes.index === 0 ? null : takeBytes();
    },
    finish() {
      writeGroup();
      void parquet.finish();
      return takeBytes();
    },
  };
}

/** @param rowsOf rows of a unit; null or an empty list where it gives none. Missing columns are null. */
export function parquetRows<U extends TrainingUnit>(
  schema: (planned: PlannedExport, options: OptionValues) => ParquetSchema,
  rowsOf: (unit: U, planned: PlannedExport, options: OptionValues, tally: Tally) => readonly ParquetRow[] | null,
): (planned: PlannedExport, options: OptionValues, tally: Tally) => UnitWriter<U> {
  return (planned, options, tally) => {
    const file = parquetFile(schema(planned, options), GROUP_ROWS);
    let count = 0;
    return {
      head: file.head,
      write(unit) {
        const made = rowsOf(unit, planned, options, tally) ?? [];
        count += made.length;
        return file.add(made);
      },
      finish: () => file.finish(),
      records: () => count,
    };
  };
}

/** Names of the columns directly below the root. */
function topColumns(schema: ParquetSchema): string[] {
  const names: string[] = [];
  for (let i = 1; i < schema.length; i = behind(schema, i)) names.push(schema[i]?.name ?? '');
  return names;
}

/** Index behind an element and all that is in it. */
function behind(schema: ParquetSchema, index: number): number {
  let next = index + 1;
  for (let child = 0; child < (schema[index]?.num_children ?? 0); child++) next = behind(schema, next);
  return next;
}
