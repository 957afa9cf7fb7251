/** What `espalier study prefix-cost` prints. */
import { keyValueBytes, wayFlops, type TrainedModel } from '../../core/prefix/flops.ts';
import { WAYS } from '../../core/prefix/ways.ts';
import {
  RECORD_SETS,
  type PackingPicture,
  type PrefixCostAnswer,
  type PrefixPackingAnswer,
  type RecordSet,
  type RecordSetCost,
} from '../../engine/answers/prefix-cost.ts';
import { countsAt } from '../../engine/studies/prefix-cost/csv.ts';
import { overContextText, tooLongText, WAY_NAMES } from '../../engine/words/prefix-cost.ts';
import { bytesText, counted, countText, shareText } from '../text/figures.ts';

/** What is asked of a set of records. */
export interface Asked {
  readonly model: TrainedModel;
  readonly context: number;
  readonly kernel: number;
  readonly room: number;
  readonly across: boolean;
  readonly recomputes: boolean;
}

export type Packed = Readonly<Record<RecordSet, PrefixPackingAnswer>>;

/** Counts, FLOPs and packings of both sets, as JSON has them. */
export function report(cost: PrefixCostAnswer, packed: Packed, asked: Asked): object {
  return Object.fromEntries(RECORD_SETS.map((set) => [set, setReport(cost.sets[set], cost.taskKeys, packed[set], asked)]));
}

function setReport(cost: RecordSetCost, keys: readonly string[], packed: PrefixPackingAnswer, { model, recomputes }: Asked): object {
  const { records, totals, largest, overContext } = cost;
  const figures = ({ tokens, repeated, blocks, fewest, padding, err }: PackingPicture): object => ({
    tokens,
    repeated,
    blocks,
    fewest,
    padding,
    err,
  });
  return {
    records,
    ways: WAYS.map((way) => ({
      way,
      ...totals[way],
      flops: wayFlops(totals[way], model, recomputes),
      keyValueBytes: keyValueBytes(largest[way], model),
    })),
    overContext,
    tasks: Array.from(cost.task, (task, row) => ({
      task: keys[task],
      records: cost.taskRecords[row],
      longest: cost.taskLongest[row],
      overContext: cost.taskOverContext[row],
      ways: WAYS.map((way) => {
        const counts = countsAt(cost, way, row);
        return { way, ...counts, flops: wayFlops(counts, model, recomputes).total };
      }),
    })),
    packing: {
      records: packed.records,
      flatTokens: packed.flatTokens,
      treeTokens: packed.treeTokens,
      por: packed.por,
      tooLong: packed.tooLong,
      flat: figures(packed.flat),
      tree: figures(packed.tree),
    },
  };
}

const SET_NAMES: Readonly<Record<RecordSet, string>> = { export: 'Export', log: 'Whole log' };

/** The same in lines. */
export function linesOf(set: RecordSet, { sets }: PrefixCostAnswer, packed: PrefixPackingAnswer, asked: Asked): string[] {
  const { records, task, totals, largest, overContext } = sets[set];
  const flat = wayFlops(totals.flat, asked.model, asked.recomputes).total;
  const share = (part: number, whole: number): string => (whole === 0 ? '–' : shareText(part / whole));
  const rows = WAYS.map((way) => {
    const counts = totals[way];
    const { total } = wayFlops(counts, asked.model, asked.recomputes);
    return [
      WAY_NAMES[way],
      countText(counts.tokens),
      share(counts.tokens, totals.flat.tokens),
      countText(counts.keys),
      total.toExponential(3),
      share(total, flat),
      countText(counts.tokens - counts.backTokens),
      bytesText(keyValueBytes(largest[way], asked.model)),
    ];
  });
  const heads = ['', 'tokens', 'of flat', 'attention keys', 'FLOPs', 'of flat', 'no loss needs', 'keys and values at once'];
  if (records === 0) return [`${SET_NAMES[set]}: no record${set === 'export' ? ' carries loss at this budget' : ' is left'}`];
  const lines = [
    `${SET_NAMES[set]}: ${counted(records, 'record')} of ${counted(task.length, 'task')}`,
    ...table([heads, ...rows]),
    ...overContextText(overContext, asked.context).map((text) => `  ${text}`),
    `  blocks of ${countText(asked.room)} tokens${asked.across ? '' : ', of one task each'}: POR ${shareText(packed.por)}`,
    ...tooLongText(packed).map((text) => `    ${text}`),
  ];
  for (const [name, { blocks, fewest, tokens: held, repeated, err, padding }] of [
    ['flat', packed.flat],
    ['tree', packed.tree],
  ] as const)
    lines.push(
      `    ${name}: ${counted(blocks, 'block')} (at best ${countText(fewest)}), ${counted(held, 'token')}, ` +
        `${countText(repeated)} of them repeated, ERR ${shareText(err)}, padding ${countText(padding)}`,
    );
  return lines;
}

/** Columns as wide as they need, all but the first to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => (row[c] ?? '').length)));
  return rows.map((row) => `  ${row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0))).join('  ')}`);
}
