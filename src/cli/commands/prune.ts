/** `espalier prune PATH…`: the logs pruned to a budget and written as training sets. */
import { parseArgs } from 'node:util';
import { DEFAULT_RULE } from '../../core/model/rule.ts';
import { PRESETS, presetRule } from '../../core/rule/presets.ts';
import type { DatasetFacts } from '../../engine/answers/dataset.ts';
import type { ExportedFile, ExportFigures, ExportSpec } from '../../engine/answers/exporting.ts';
import type { Fidelity } from '../../engine/answers/fidelity.ts';
import type { SearchProgress } from '../../engine/answers/searching.ts';
import type { KeepAnswer, OrderAnswer } from '../../engine/answers/pruning.ts';
import { keepWarningText } from '../../engine/words/keep-warnings.ts';
import { preflightFindings } from '../../engine/words/preflight.ts';
import { readScores, restoreScores } from '../scores-flag.ts';
import { refuseInUse } from '../../platform/node/folder-sink.ts';
import { mixLines } from '../../engine/words/mix.ts';
import { fidelityLines } from '../text/fidelity.ts';
import { coverageText, signalName } from '../../engine/words/signal.ts';
import { entropyText, impossibleText, presetText, refusedTexts } from '../../engine/words/sources.ts';
import { recordSettings } from '../../engine/export/record-settings.ts';
import { overLongText } from '../../engine/words/over-long.ts';
import { relativeText } from '../../engine/words/truths.ts';
import { trainText } from '../../engine/words/train.ts';
import { open } from '../api.ts';
import { ACT_HELP, actLines, actsOf, refuseFaults, wheresOf } from '../act-flags.ts';
import { exportHelp, exportSpec } from '../export-flag.ts';
import { importedFile, importLines } from '../import-flag.ts';
import { readInputs, refuseToOverwrite } from '../inputs.ts';
import { earlierOutputs, filesAtRisk, removeLeftovers } from '../leftovers.ts';
import { filesOfFlags, OPEN_HELP, openProgress, REGARD_HELP } from '../open-flags.ts';
import { bytesOfPart, pruneInParts } from '../parts.ts';
import { PRESET_HELP, PRUNE_OPTIONS, pruneBudget, prunePreset, type PruneFlags } from '../prune-flags.ts';
import { RECORD_HELP } from '../record-flags.ts';
import { pruneRule, RULE_HELP } from '../rule-flags.ts';
import { atLeastText, countText, counted } from '../text/figures.ts';
import { fileLines, refusalLines, tellTraining } from '../text/files.ts';
import { preflightLines } from '../text/preflight.ts';
import { refuseFolder, UsageError } from '../usage.ts';
import { note, print, printHelp, printJson, progress } from '../streams.ts';
import { NOTES_HELP, openOptions, readSession } from '../session-flag.ts';
import type { SessionDocument } from '../../engine/session-file.ts';
import type { Budget } from '../../core/model/rule.ts';
import type { Preset } from '../../core/rule/preset.ts';

export const PRUNE_HELP = `espalier prune PATH… --out DIR [options]

Opens rollout logs, prunes their prefix forest to a budget and writes training sets and manifest.json.

${PRESET_HELP}
  --budget SHARE         how much of the cost the cut may keep, for example 30%; needed where there is no preset
  --train-budget SHARE   how much of the kept sampled tokens may carry loss (default 100%)
${RULE_HELP}
${ACT_HELP}
  --session FILE         settings, rule, budget, marks, notes and verdicts of a session that the page saved; flags come first
${NOTES_HELP}
  --scores FILE          entropy from a language model, as saved by espalier score; never replaces logged entropy
  --import-scores FILE[:COLUMN]
                         scores per token from a JSONL file, by node key or by rollout, for --signal imported
${exportHelp()}  --weights CONVENTION   branch-mean (default without a preset), kept-mean or train-once
  --mask-errors          failed turns (whose tool result is an error) stay as context with loss 0
${RECORD_HELP}
  --out DIR              folder to write the files to
${OPEN_HELP}
${REGARD_HELP}
  --stream               read the log twice and prune it in parts of whole tasks, for logs larger than memory; the same
                         files; done unasked where the log exceeds the memory
  --share FILE:PART      this is a part of a larger log: keep what espalier share left to it; budgets are those of the file
  --memory SIZE          memory that a part may take, such as 4GB (default half of the machine's)
  --check                look at the records instead of writing them, and print whether one would train on them: rewards,
                         kinds, tools, tasks, endings, lengths, copies, ids, secrets; --out is not needed
  --json                 with --check: print one JSON object
  --lines                print the exact lines that train on each file, after writing it
  --strict               exit 3 if any record has an issue or a pin is not met, and write nothing where a file's target cannot
                         say all that is in the records; with --check, also if there is a problem

Without --export, a file that the log cannot give is left out, and the summary and the manifest say why.

Exit codes: 0 done, 1 no record was usable, 2 usage error, 3 --strict and an issue, an unmet pin, something
that a target cannot say, or with --check a problem; espalier --help lists all.
`;

export async function prune(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: PRUNE_OPTIONS });
  if (values.help) {
    printHelp(PRUNE_HELP);
    return 0;
  }
  // What can be wrong with flags is told before any file is read.
  const flagged = pruneRule(values);
  const acts = actsOf(args, PRUNE_OPTIONS);
  const session = await readSession(values.session);
  const named = session === null ? prunePreset(values, PRESETS[0].id) : null;
  if (values.share === undefined) budgetOf(values, session, named);
  const spec = exportSpec(values);
  const isCheck = values.check === true;
  if (values.json === true && !isCheck) throw new UsageError('--json: only with --check');
  // What is only looked at goes nowhere.
  const out = values.out ?? (isCheck ? '' : undefined);
  if (out === undefined) throw new UsageError('--out: expected a folder');
  if (!isCheck) {
    refuseFolder(out);
    await refuseInUse(out);
  }
  const imported = importedFile(values, flagged);
  const inputs = await readInputs(positionals, values);
  if (!isCheck) refuseToOverwrite(inputs, filesOfFlags(values), filesAtRisk(out, spec));
  const shardBytes = bytesOfPart(values, inputs, spec, acts);
  if (shardBytes !== null && session !== null) throw new UsageError('--session: a log is not pruned in parts with one');
  if (shardBytes !== null) return pruneInParts(inputs, out, spec, values, acts, shardBytes);
  const dataset = await open(inputs, {
    ...(await openOptions(values, session, inputs)),
    filter: wheresOf(acts.length === 0 && session !== null ? session.rule.acts : acts),
    onProgress: openProgress(),
  });
  if (session !== null && session.filter !== '')
    note(`note: the filter of the session chooses what the page shows; --where ${JSON.stringify(session.filter)} would write only that`);
  const facts = dataset.facts();
  if (facts.rollouts === 0) {
    note(`no record was usable: ${counted(facts.issues, 'issue')}; espalier inspect lists them`);
    return 1;
  }
  for (const text of refusedTexts(facts)) note(`warning: ${text}`);
  if (values.scores !== undefined) await restoreScores(dataset, readScores(values.scores));
  if (imported !== null) note(...importLines(dataset.importScores(imported)));
  const { suited } = dataset.facts();
  const preset = session === null ? prunePreset(values, suited.preset) : null;
  const flags = pruneRule(values, session?.rule ?? (preset === null ? DEFAULT_RULE : presetRule(preset)));
  const rule = { ...flags, acts: acts.length === 0 && session !== null ? session.rule.acts : acts };
  const budget = budgetOf(values, session, preset);
  if (preset !== null)
    note(`preset: ${values.preset === undefined || values.preset === 'auto' ? presetText(suited, preset.label) : preset.label}`);
  const chosen = values.weights === undefined && preset !== null ? { ...spec, weights: preset.weights } : spec;
  await dataset.prepareActs(rule, lookingProgress());
  const pruned = dataset.prune(rule, budget);
  const { figures: keep, order } = pruned;
  refuseFaults(rule.acts, order.acts);
  for (const warning of keep.warnings) note(`warning: ${keepWarningText(warning)}`);
  const isUnmet = facts.issues > 0 || keep.floorUnmet !== null || keep.trainPinsUnmet !== null || keep.brokenPairs > 0;
  if (isCheck) {
    const seen = await pruned.preflight(chosen, progressOf('looking at'));
    const findings = preflightFindings(seen);
    if (values.json === true) printJson({ findings, ...seen });
    else print(...preflightLines(seen));
    const isRefused = refusalLines(seen.files).length > 0;
    return values.strict === true && (isUnmet || isRefused || findings.some(({ level }) => level === 'problem')) ? 3 : 0;
  }
  if (values.strict === true) {
    const refusal = refusalLines(await pruned.rehearse(chosen, progressOf('checking')));
    if (refusal.length > 0) {
      note(...refusal);
      return 3;
    }
  }
  const earlier = earlierOutputs(out);
  const files = await pruned.export(out, chosen, progressOf('writing'));
  note(...summary(dataset.facts(), order, keep, pruned.exportFigures(chosen), pruned.fidelity(chosen), files, chosen));
  const leftovers = await removeLeftovers(
    out,
    earlier,
    files.map(({ name }) => name),
    inputs.flatMap(({ handle }) => ('path' in handle ? [handle.path] : [])),
  );
  note(...leftovers);
  tellTraining(chosen, files, values.lines === true);
  return values.strict === true && isUnmet ? 3 : 0;
}

/** Flags come before the session. */
function budgetOf(flags: PruneFlags, session: SessionDocument | null, preset: Preset | null): Budget {
  const isSaid = flags.budget !== undefined || flags['train-budget'] !== undefined;
  return session !== null && session.budget !== null && !isSaid ? session.budget : pruneBudget(flags, preset);
}

function progressOf(what: string, of = 'records'): (done: number, total: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  let last = 0;
  return (done, total) => {
    if (done < total && Date.now() - last < 200) return;
    last = Date.now();
    progress(`${what} ${countText(done)} of ${countText(total)} ${of}`, done === total);
  };
}

function lookingProgress(): (progress: SearchProgress) => void {
  const tell = progressOf('looking through', 'rollouts');
  return ({ rollouts, totalRollouts }) => tell(rollouts, totalRollouts);
}

function summary(
  facts: DatasetFacts,
  order: OrderAnswer,
  keep: KeepAnswer,
  written: ExportFigures,
  fidelity: Fidelity,
  files: readonly ExportedFile[],
  spec: ExportSpec,
): string[] {
  const arrow = ({ before, after }: { before: number; after: number }): string => `${countText(before)} → ${countText(after)}`;
  const { signal } = keep;
  const ofPinned = signal.pinnedBound !== null && signal.pinnedBound > 0 ? Math.min(1, signal.kept / signal.pinnedBound) : 1;
  const withPins = signal.pinnedBound === null ? '' : `, ≥ ${atLeastText(ofPinned)} of the best with these pins`;
  const coverage = coverageText(order.signal);
  const lines = [
    `${counted(facts.rollouts, 'rollout')} of ${counted(facts.tasks, 'task')}, ${counted(facts.issues, 'record')} with issues`,
    `entropy: ${order.hasEntropy ? entropyText(facts.entropy) : 'none is known'}`,
    ...(facts.impossibleNumbers > 0 ? [impossibleText(facts.impossibleNumbers)] : []),
    `signal: ${signalName(order.signal)}`,
    `signal retained     ${atLeastText(signal.total > 0 ? signal.kept / signal.total : 1)}, ≥ ` +
      `${atLeastText(signal.bound > 0 ? Math.min(1, signal.kept / signal.bound) : 1)} of the best ` +
      `possible${withPins}`,
    ...actLines(order.rule.acts, order.acts),
    ...(order.relative === null ? [] : [relativeText(order.relative)]),
    ...(coverage === null ? [] : [`                    ${coverage}`]),
    `distinct tokens     ${arrow(keep.distinct)}`,
    `flat tokens         ${arrow(keep.flat)}`,
    `training tokens     ${arrow({ ...keep.training, after: written.trainingTokens })} (${trainText(order.rule, keep)})`,
    ...fidelityLines(fidelity),
    `tool calls          ${arrow(keep.calls)}`,
    `memory events       ${arrow(keep.memory)}`,
    `final turns         ${arrow(fidelity.endings)}`,
    `tasks trained       ${arrow(fidelity.tasksTrained)}`,
    `tasks with nothing  ${countText(keep.tasks.empty)} of ${countText(keep.tasks.total)}`,
    `tasks without end   ${countText(keep.tasks.withoutEndings)} of ${countText(keep.tasks.total)}`,
    `rollouts whole      ${countText(keep.rollouts.whole)} of ${countText(keep.rollouts.total)}`,
    `rollouts touched    ${countText(keep.rollouts.touched)} of ${countText(keep.rollouts.total)}`,
    `pairs broken        ${countText(keep.brokenPairs)}`,
  ];
  if (keep.floorUnmet)
    lines.push(
      `pinned events need ${atLeastText(keep.floorUnmet.floor)} of the ` +
        `cost; ${counted(keep.floorUnmet.pinnedDropped, 'pinned node')} dropped`,
    );
  if (keep.trainPinsUnmet)
    lines.push(
      `events pinned for training need ${countText(keep.trainPinsUnmet.pinned)} ` +
        `tokens, the train budget is ${countText(Math.floor(keep.trainPinsUnmet.budget))}`,
    );
  if (written.branchesWithoutLoss > 0)
    lines.push(
      `${counted(written.branchesWithoutLoss, 'kept branch', 'kept branches')} of ` +
        `${countText(written.branches)} without loss: no training records, not written`,
    );
  if (written.uncovered.tokens > 0)
    lines.push(`${counted(written.uncovered.tokens, 'sampled token')} in turns that the cut keeps in part: not trained`);
  if (written.outsideWhole !== null && written.outsideWhole > 0)
    lines.push(`${counted(written.outsideWhole, 'sampled token')} on no rollout that is kept whole: kept-mean does not train them`);
  const { duplicates, unbalanced, unmixed, tokens: lost } = written.leftOut;
  const left = [
    ...(duplicates > 0 ? [counted(duplicates, 'duplicate')] : []),
    ...(unbalanced > 0 ? [`${counted(unbalanced, 'record')} to balance the others`] : []),
    ...(unmixed > 0 ? [`${counted(unmixed, 'record')} for the mix of tags`] : []),
  ];
  if (left.length > 0) lines.push(`left out: ${left.join(', ')}; ${counted(lost, 'token')} train nowhere for it`);
  if (written.mix !== null) lines.push(...mixLines(written.mix, recordSettings(spec).mixWay));
  if (written.overLong.records > 0) lines.push(overLongText(written.overLong, recordSettings(spec)));
  return [...lines, ...fileLines(files, written.skipped)];
}
