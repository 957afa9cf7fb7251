/** Writers of Parquet files: rows are gathered into row groups, so a file of any size needs the memory of one group. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { OptionValues } from '../answers/exporting.ts';
import type { PlannedExport } from './plan.ts';
import type { UnitWriter } from './profile.ts';
import type { Tally } from './tally.ts';
import type { TrainingUnit } from './units.ts';

/** Rows of a group: trainers read a group at a time, and rows may be megabytes. */
const GROUP_ROWS = 256;

/** The schema as the format spells it: the root with its number of columns, then every column and what is in it, depth first. */
export type ParquetSchema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];

export type ParquetRow = Readonly<Record<string, unknown>>;

/** @param rowsOf rows of a unit; null or an empty list where it gives none. Missing columns are null. */
export function parquetRows<U extends TrainingUnit>(
  schema: (planned: PlannedExport, options: OptionValues) => ParquetSchema,
  rowsOf: (unit: U, planned: PlannedExport, options: OptionValues, tally: Tally) => readonly ParquetRow[] | null,
): (planned: PlannedExport, options: OptionValues, tally: Tally) => UnitWriter<U> {
  return (planned, options, tally) => {
    const columns = schema(planned, options);
    const names = topColumns(columns);
    const bytes = new ByteWriter();
    const parquet = new ParquetWriter({ writer: bytes, schema: columns, createdBy: 'espalier', statistics: false });
    let rows: ParquetRow[] = [];
    let count = 0;
    const takeBytes = (): Uint8Array => {
      const taken = bytes.getBytes().slice();
      bytes.index = 0;
      return taken;
    };
    const writeGroup = (): void => {
      if (rows.length === 0) return;
      void parquet.write({
        columnData: names.map((name) => ({ name, data: rows.map((row) => row[name] ?? null) })),
        rowGroupSize: rows.length,
      });
      rows = [];
    };
    return {
      head: takeBytes(),
      write(unit) {
        const made = rowsOf(unit, planned, options, tally) ?? [];
        for (const row of made) rows.push(row);
        count += made.length;
        if (rows.length < GROUP_ROWS) return null;
        writeGroup();
        return takeBytes();
      },
      finish() {
        writeGroup();
        void parquet.finish();
        return takeBytes();
      },
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
