/** Rows of packed trees as JSON Lines; docs/formats/tree.md has every member. */
import { dropLast, writeIntegers, writeText, type ByteWriter } from '../../core/export/byte-writer.ts';
import { floatText } from '../../core/export/number-text.ts';
import type { PackedRow } from './tree-tasks.ts';

/** Appends a row with its line end. */
export function writeTreeLine(out: ByteWriter, { row, origins }: PackedRow): void {
  let sign = '{';
  const list = (name: string, length: number, write: () => void): void => {
    writeText(out, `${sign}"${name}":[`);
    sign = ',';
    write();
    if (length > 0) dropLast(out);
    writeText(out, ']');
  };
  const integers = (name: string, values: Int32Array): void =>
    list(name, values.length, () => {
      writeIntegers(out, values, 0, values.length);
    });
  const floats = (name: string, values: Float64Array | Float32Array): void =>
    list(name, values.length, () => {
      for (const value of values) writeText(out, `${floatText(value)},`);
    });
  const texts = (name: string, values: readonly string[]): void =>
    list(name, values.length, () => {
      for (const value of values) writeText(out, `${JSON.stringify(value)},`);
    });
  integers('input_ids', row.ids);
  integers('position_ids', row.positions);
  integers('segment_offsets', row.segmentOffsets);
  integers('segment_parents', row.segmentParents);
  integers('node_lengths', nodeLengths(row.segmentOffsets));
  list('sample_paths', row.samplePaths.length, () => {
    for (const path of row.samplePaths) {
      writeText(out, '[');
      writeIntegers(out, path, 0, path.length);
      dropLast(out);
      writeText(out, '],');
    }
  });
  texts(
    'sample_tasks',
    origins.map(({ task }) => task),
  );
  texts(
    'sample_rollouts',
    origins.map(({ rollout }) => rollout),
  );
  integers('pred_index', row.predIndex);
  integers('target_id', row.targetId);
  floats('loss_weight', row.weight);
  if (isKnown(row.logprob)) floats('old_log_prob', row.logprob);
  if (isKnown(row.advantage)) floats('advantage', row.advantage);
  integers('sample_id', row.sampleId);
  writeText(out, '}\n');
}

/** Some entry is. */
function isKnown(values: Float64Array | Float32Array): boolean {
  return values.some((value) => !Number.isNaN(value));
}

/** segment -> its tokens */
function nodeLengths(offsets: Int32Array): Int32Array {
  return Int32Array.from({ length: offsets.length - 1 }, (_, s) => (offsets[s + 1] ?? 0) - (offsets[s] ?? 0));
}
