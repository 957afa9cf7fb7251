/** Reads a rollout back from its file by its address: text is not kept in memory. */
import { addressText } from '../core/model/address.ts';
import type { Rollout } from '../core/model/rollout.ts';
import type { Decoded } from '../formats/format.ts';
import { decodeText, parseJson } from '../formats/json.ts';
import { decodeRecord } from '../formats/detect.ts';
import { formatById } from './format-by-id.ts';
import type { Dataset } from './dataset.ts';
import { decodePieces } from './decode-pieces.ts';
import type { OpenedInput } from './opened-input.ts';
import { changedInput, changeOf } from './identity.ts';
import { baseName } from './input-names.ts';
import { Unreadable } from './readable.ts';
import { readerById } from './readers/reader-by-id.ts';

export interface ReadBack {
  /** @param rollout index into the dataset's rollouts. Throws ChangedInput where the file has changed since it was opened. */
  rollout(rollout: number): Promise<Rollout>;
}

/** Where a host tells nothing of a file, or takes a while to, it is looked at again after this time; exports look before and after. */
const SAMPLED_MS = 250;

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
  /** Input -> when it was last found to be as it was, where that is not told at once. */
  const seen = new Map<OpenedInput, number>();
  let last: { key: string; members: Promise<readonly (Rollout | null)[]> } | null = null;

  /** What changed, or null. Members of containers were unpacked when they were opened, and nobody else has those files. */
  async function checked(input: OpenedInput): Promise<string | null> {
    const { identity, dropped } = input;
    if (identity === null || input.file.source !== dropped) return null;
    const told = identity.touched !== null && dropped.isFar !== true;
    if (!told && performance.now() - (seen.get(input) ?? -Infinity) < SAMPLED_MS) return null;
    const what = await changeOf(dropped, identity);
    if (!told && what === null) seen.set(input, performance.now());
    return what;
  }

  async function load(rollout: number): Promise<readonly (Rollout | null)[]> {
    const row = dataset.tokens.rollouts[rollout];
    const input = row && dataset.opening.inputs[row.source];
    if (!row || !input?.format || input.reader === null)
      throw new Error(`rollout ${rollout}: expected one of ${dataset.tokens.rollouts.length} rollouts read with a format`);
    if (!input.format.hasMessages) throw new Error(noMessages(input));
    const content = await readerById(input.reader)
      .readAgain(input.file.source, row.address)
      .catch((error: unknown) => {
        if (error instanceof Unreadable) return error;
        throw error;
      });
    const what = await checked(input);
    if (what !== null) throw changedInput(input.fileName, what);
    if (content instanceof Unreadable) throw new Error(`${input.fileName} cannot be read ${content.message}`);
    const format = formatById(input.format.id, mapping);
    const context = { name: baseName(input.file.path), path: input.path, index: row.address.start, line: row.line, ...input.context };
    const rolloutsOf = (entries: readonly Decoded[]): (Rollout | null)[] => entries.map((entry) => (entry.ok ? entry.rollout : null));
    if ('pieces' in content) return rolloutsOf(decodePieces(format, content.pieces, row.address.size, context).entries);
    if ('fault' in content) throw new Error(`${input.path}: the record at ${addressText(row.address)}: ${content.fault.found}`);
    const parsed = 'json' in content ? parseJson(decodeText(content.json).text) : { ok: true as const, value: content.value };
    if (!parsed.ok)
      throw new Error(`${input.path}: the record at ${addressText(row.address)} is not what was read before; the file has changed`);
    return rolloutsOf(decodeRecord(format, parsed.value, context));
  }

  return {
    async rollout(rollout) {
      const row = dataset.tokens.rollouts[rollout];
      if (!row) throw new Error(`no rollout ${rollout}`);
      const key = `${row.source}:${row.address.start}`;
      if (last?.key !== key) last = { key, members: load(rollout) };
      const mine = last;
      const members = await mine.members.catch((error: unknown) => {
        // A file may be as it was before when it is asked for again.
        if (last === mine) last = null;
        throw error;
      });
      const found = members[row.address.member];
      if (!found) throw new Error(`the record at ${addressText(row.address)} no longer yields rollout ${row.id}; the file has changed`);
      return found;
    },
  };
}
