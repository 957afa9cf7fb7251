/** `espalier prune` of logs that exceed memory: when a log is pruned in parts, how large they are, and what is told of it. */
import { totalmem } from 'node:os';
import { DEFAULT_RULE } from '../core/model/rule.ts';
import { PRESETS, presetRule } from '../core/rule/presets.ts';
import type { ExportSink } from '../core/export/sink.ts';
import type { ExportSpec } from '../engine/answers/exporting.ts';
import { NOWHERE } from '../engine/export/run.ts';
import type { InputFile } from '../engine/input-file.ts';
import { StreamRefusal } from '../engine/stream/refusal.ts';
import { refuse, streamLog, type StreamedExport, type StreamedLog } from '../engine/stream/stream.ts';
import { recordSettings } from '../engine/export/record-settings.ts';
import { keepWarningText } from '../engine/words/keep-warnings.ts';
import { overLongText } from '../engine/words/over-long.ts';
import { presetText, refusedText } from '../engine/words/sources.ts';
import { makeSpill } from '../platform/node/spill.ts';
import { unpack } from '../platform/node/unpack.ts';
import { actLines, wheresOf } from './act-flags.ts';
import { holdsExpression } from './finding.ts';
import { actsOn, type Act } from '../core/acts/act.ts';
import { asksNotes } from '../engine/words/command.ts';
import { earlierOutputs, removeLeftovers } from './leftovers.ts';
import { openProgress, openSettings } from './open-flags.ts';
import { parsePool } from './parse-pool.ts';
import { sharedPart } from './share-flag.ts';
import { readRule } from '../engine/read-rule.ts';
import { repeatedText } from '../engine/words/repeated.ts';
import { pruneBudget, prunePreset } from './prune-flags.ts';
import { pruneRule } from './rule-flags.ts';
import { atLeastText, bytesText, countText, counted } from './text/figures.ts';
import { fileLines, refusalLines, tellTraining } from './text/files.ts';
import { intoFolder, UsageError } from './usage.ts';
import { note, progress } from './streams.ts';
import { withVerdicts } from './verdicts-flag.ts';

/** Flags as `parseArgs` gives them. */
type Flags = Parameters<typeof prunePreset>[0] & Parameters<typeof pruneRule>[0];

/** What the program takes beside a part: Node, the vocabulary in each thread, buffers, and what grows with the number of tasks. */
const BASE = 700e6;
/** Bytes of memory for each byte of a log, at its peak: see docs/at-any-size.md for how this was measured. */
const PER_BYTE = 8;
const LEAST_PART = 1 << 20;
/** A larger part would not fit the file that its forest is kept in. */
const MOST_PART = 512 << 20;

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** Bytes of a log that a part may hold, or null where the log is opened at once. Throws UsageError. */
export function bytesOfPart(flags: Flags, inputs: readonly InputFile[], spec: ExportSpec, acts: readonly Act[]): number | null {
  const part = partBytes(flags.memory);
  if (flags.stream === true || flags.share !== undefined) return part;
  const memory = memoryOf(flags.memory);
  const bytes = inputs.reduce((sum, { source }) => sum + source.byteLength, 0);
  if (bytes * PER_BYTE + BASE <= memory) return null;
  const reason = whyNotInParts(flags, spec, acts);
  if (reason === null) return part;
  note(`note: ${bytesText(bytes)} of log may need more memory than ${bytesText(memory)}; not pruned in parts: ${reason}`);
  return null;
}

/** Bytes of a log whose forest fits in that much memory, as `--memory` says it. Throws UsageError. */
export function partBytes(memory: string | undefined): number {
  return Math.min(MOST_PART, Math.max(LEAST_PART, (memoryOf(memory) - BASE) / PER_BYTE));
}

function memoryOf(text: string | undefined): number {
  return text === undefined ? totalmem() / 2 : sizeOf(text);
}

/** What flags name beside the log that no part of it is read with; null: nothing. */
export function unreadInParts(flags: Pick<Flags, 'notes' | 'tags' | 'scores' | 'verdicts'>, acts: readonly Act[]): string | null {
  if (flags.notes !== undefined) return 'notes and labels (--notes) are not read in parts';
  if (flags.tags !== undefined) return 'tags of tasks (--tags) are not read in parts';
  if (flags.scores !== undefined) return 'entropy from a language model (--scores) is not read in parts';
  if (flags.verdicts === undefined || !asksNotes({ acts: actsOn(acts) })) return null;
  return 'labels of verdicts (--verdicts), which a filter asks for, are not read in parts';
}

/** As far as flags tell. */
function whyNotInParts(flags: Flags, spec: ExportSpec, acts: readonly Act[]): string | null {
  if (flags.check === true) return 'a look at all records (--check) is not made in parts';
  const unread = unreadInParts(flags, acts);
  if (unread !== null) return unread;
  try {
    // The log calls for one of them, where none is named.
    for (const { id } of PRESETS) {
      const preset = prunePreset(flags, id);
      const rule = pruneRule(flags, preset === null ? DEFAULT_RULE : presetRule(preset));
      refuse(rule, flags.share === undefined ? pruneBudget(flags, preset) : sharedPart(flags.share).budget, spec);
    }
    return null;
  } catch (error) {
    if (error instanceof StreamRefusal) return error.message;
    throw error;
  }
}

function sizeOf(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?$/i.exec(text.trim()) ?? [];
  const bytes = Number(number) * (UNITS[unit?.toUpperCase() ?? ''] ?? 1);
  if (!(bytes > 0)) throw new UsageError(`--memory: expected a size such as 4GB, found ${text}`);
  return bytes;
}

/** @returns the exit code. Throws UsageError for what cannot be done in parts. */
export async function pruneInParts(
  inputs: readonly InputFile[],
  out: string,
  spec: ExportSpec,
  flags: Flags,
  acts: readonly Act[],
  shardBytes: number,
): Promise<number> {
  // What no log can change is told before any file is read.
  const reason = whyNotInParts(flags, spec, acts);
  if (reason !== null) throw new UsageError(reason);
  try {
    const settings = await withVerdicts(openSettings(flags), flags.verdicts, inputs);
    const ports = { pool: parsePool(inputs, settings.tokenizer.kind, wheresOf(acts).some(holdsExpression)), unpack, makeSpill };
    const log = await streamLog(inputs, settings, ports, shardBytes, new AbortController().signal, openProgress());
    if (log.rollouts === 0) {
      note(`no record was usable: ${counted(log.issues, 'issue')}; espalier inspect lists them`);
      return 1;
    }
    if (log.refusedBranches > 0) note(`warning: ${refusedText(log.refusedBranches, 'the log')}`);
    const preset = prunePreset(flags, log.suited.preset);
    const rule = { ...pruneRule(flags, preset === null ? DEFAULT_RULE : presetRule(preset)), acts };
    if (preset !== null)
      note(`preset: ${flags.preset === undefined || flags.preset === 'auto' ? presetText(log.suited, preset.label) : preset.label}`);
    const shared = flags.share === undefined ? null : sharedPart(flags.share);
    if (shared !== null && JSON.stringify(shared.rule) !== JSON.stringify(readRule(rule)))
      throw new UsageError('--share: its parts were ordered by another rule than the flags say');
    const budget = shared?.budget ?? pruneBudget(flags, preset);
    const chosen = flags.weights === undefined && preset !== null ? { ...spec, weights: preset.weights } : spec;
    const pruneTo = (sink: ExportSink): Promise<StreamedExport> => log.prune(rule, budget, chosen, sink, partProgress, shared?.allotted);
    const refusal = flags.strict === true ? refusalLines((await pruneTo(NOWHERE)).files) : [];
    if (refusal.length > 0) {
      note(...refusal);
      return 3;
    }
    const earlier = earlierOutputs(out);
    const exported = await intoFolder(out, pruneTo);
    for (const warning of exported.warnings) note(`warning: ${keepWarningText(warning)}`);
    note(...actLines(acts, exported.acts), ...summary(log, exported, chosen));
    const read = inputs.flatMap(({ handle }) => ('path' in handle ? [handle.path] : []));
    const names = exported.files.map(({ name }) => name);
    note(...(await removeLeftovers(out, earlier, names, read)));
    tellTraining(chosen, exported.files, flags.lines === true);
    return flags.strict === true && (log.issues > 0 || exported.isPinUnmet || exported.summary.counts.broken.kept > 0) ? 3 : 0;
  } catch (error) {
    throw error instanceof StreamRefusal ? new UsageError(error.message) : error;
  }
}

function partProgress(done: number, parts: number): void {
  if (process.stderr.isTTY) progress(`part ${countText(done)} of ${countText(parts)}`, done === parts);
}

function summary(log: StreamedLog, exported: StreamedExport, spec: ExportSpec): string[] {
  const { files, skipped, trainingTokens, signal: of } = exported;
  const { counts, signal } = exported.summary;
  const arrow = (before: number, after: number): string => `${countText(before)} → ${countText(after)}`;
  const kept = (name: keyof typeof counts): string => arrow(counts[name].total, counts[name].kept);
  return [
    `${counted(log.rollouts, 'rollout')} of ${counted(log.tasks, 'task')}, ${counted(log.issues, 'record')} with issues, ` +
      `in ${counted(log.shards, 'part')} of at most ${bytesText(log.largest)}`,
    ...(log.merged > 0 ? [`told again: ${repeatedText({ merged: log.merged, copies: 0 })}`] : []),
    `signal: ${of}`,
    `signal retained     ${atLeastText(signal.total > 0 ? signal.kept / signal.total : 1)}`,
    `distinct tokens     ${kept('distinct')}`,
    `flat tokens         ${kept('flat')}`,
    `training tokens     ${arrow(counts.sampled.total, trainingTokens)}`,
    `tool calls          ${kept('calls')}`,
    `memory events       ${kept('memory')}`,
    `final turns         ${kept('finals')}`,
    `tasks with nothing  ${countText(counts.tasks.total - counts.tasks.kept)} of ${countText(log.tasks)}`,
    `rollouts whole      ${countText(counts.rollouts.kept)} of ${countText(counts.rollouts.total)}`,
    `pairs broken        ${countText(counts.broken.kept)}`,
    ...(exported.overLong.records > 0 ? [overLongText(exported.overLong, recordSettings(spec))] : []),
    ...fileLines(files, skipped),
  ];
}
