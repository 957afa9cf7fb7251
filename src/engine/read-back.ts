/** Reads a rollout back from its file by its address: text is not kept in memory. */
import type { RolloutRow } from '../core/model/batch.ts';
import type { Rollout } from '../core/model/rollout.ts';
import { decodeText, parseJson } from '../formats/json.ts';
import { decodeRecord } from '../formats/detect.ts';
import { formatById } from './format-by-id.ts';
import type { Dataset } from './dataset.ts';
import type { OpenedInput } from './open.ts';
import { baseName } from './input-names.ts';
import { readerById } from './readers/reader-by-id.ts';

export interface ReadBack {
  /** @param rollout index into the dataset's rollouts. Throws where the file has changed since it was opened. */
  rollout(rollout: number): Promise<Rollout>;
}

/** Why some rollouts have no messages to be read back, or null where all have. */
export function withoutMessages({ opening }: Dataset): string | null {
  const input = opening.inputs.find(({ format }) => format?.hasMessages === false);
  return input === undefined ? null : noMessages(input);
}

function noMessages({ path, format }: OpenedInput): string {
  return `${path} (${format?.label ?? ''}) holds token ids and no messages; open the original log for those`;
}

/** Keeps the last record, because a group line holds many rollouts and neighbours are asked for together. */
export function makeReadBack(dataset: Dataset, mapping: unknown): ReadBack {
  let last: { key: string; members: Promise<readonly (Rollout | null)[]> } | null = null;

  async function load(rollout: number): Promise<readonly (Rollout | null)[]> {
    const row = dataset.tokens.rollouts[rollout];
    const input = row && dataset.opening.inputs[row.source];
    if (!row || !input?.format || input.reader === null)
      throw new Error(`rollout ${rollout}: expected one of ${dataset.tokens.rollouts.length} rollouts read with a format`);
    if (!input.format.hasMessages) throw new Error(noMessages(input));
    const content = await readerById(input.reader).readAgain(input.file.source, row.address);
    const parsed = 'json' in content ? parseJson(decodeText(content.json).text) : { ok: true as const, value: content.value };
    if (!parsed.ok) throw new Error(`${input.path}: the record at ${placeOf(row)} is not what was read before; the file has changed`);
    const context = { name: baseName(input.file.path), path: input.path, index: row.address.start, line: row.line, ...input.context };
    return decodeRecord(formatById(input.format.id, mapping), parsed.value, context).map((entry) => (entry.ok ? entry.rollout : null));
  }

  return {
    async rollout(rollout) {
      const row = dataset.tokens.rollouts[rollout];
      if (!row) throw new Error(`no rollout ${rollout}`);
      const key = `${row.source}:${row.address.start}`;
      if (last?.key !== key) last = { key, members: load(rollout) };
      const found = (await last.members)[row.address.member];
      if (!found) throw new Error(`the record at ${placeOf(row)} no longer yields rollout ${row.id}; the file has changed`);
      return found;
    },
  };
}

function placeOf({ address }: RolloutRow): string {
  return `${address.unit === 'bytes' ? 'byte' : 'row'} ${address.start}`;
}
