/** The manifest of an export: everything that its bytes depend on, and what was left out. */
import type { RegardSettings } from '../../core/rollouts/regard.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { KAPPA } from '../../core/signal/shrinkage.ts';
import { sealed } from '../../core/model/seal.ts';
import { newestVersion, type VersionedFile } from '../../core/model/versions.ts';
import { boundAt } from '../../core/prune/bound.ts';
import { TRAIN_METHODS } from '../../core/prune/train-methods.ts';
import { modelText } from '../../core/score/model-source.ts';
import type { PruneRule } from '../../core/model/rule.ts';
import type { ActsAnswer } from '../answers/acts.ts';
import type { EntropyFacts } from '../answers/dataset.ts';
import type { ExportedFile, ExportFigures } from '../answers/exporting.ts';
import { datasetFacts, type Dataset } from '../dataset.ts';
import { untoldIssues } from '../issue-log.ts';
import { keepAnswer, signalFacts } from '../ruling.ts';
import { scoresHash, tokenHash } from '../score/score-hashes.ts';
import { signalName } from '../words/signal.ts';
import { entropyText, tokenText } from '../words/sources.ts';
import { sha256, sha256Now } from './hash.ts';
import { possibleProfiles } from './choose.ts';
import type { Fidelity } from '../answers/fidelity.ts';
import { measuredNotes, measuredText, whyText } from '../words/gradient.ts';
import { fidelityOf } from './fidelity.ts';
import { exportFigures } from './figures.ts';
import type { PlannedExport } from './planned.ts';
import { lineCounts } from './line-units.ts';
import { recordSettings } from './record-settings.ts';

/** docs/formats/manifest.md */
export const MANIFEST_FILE: VersionedFile<unknown> = { name: 'manifest', steps: [(manifest) => manifest] };
/** From this version on a manifest ends in its checksum. */
export const MANIFEST_SEALED = 2;

/** The file of a manifest. SHA-256 has to be prepared. */
export function manifestText(manifest: unknown): string {
  return `${sealed(JSON.stringify(manifest, null, 2), sha256Now)}\n`;
}

const CONVENTIONS = {
  'branch-mean':
    'branch-mean: weight s/K in sum over the records that train a token, s of K having sampled it; equals flat training of the full tree',
  'kept-mean':
    'kept-mean: weight s/k in sum over the records that train a token, s of the k trajectories kept whole having sampled it; ' +
    'equals flat training of those',
  'train-once': 'train-once: weight 1 in the first record that trains a token, 0 in the others',
} as const;

/** Holds no time, path of a machine or other thing that would change between equal runs. */
export async function makeManifest(planned: PlannedExport, outputs: readonly ExportedFile[], signal?: AbortSignal): Promise<object> {
  const { ruling, keep, spec } = planned;
  const { dataset } = ruling;
  const records = recordSettings(spec);
  const facts = datasetFacts(dataset, ruling.model);
  const answer = keepAnswer(ruling, keep);
  const figures = exportFigures(planned);
  const inputs: object[] = [];
  const hashes = new Map<ByteSource, string>();
  for (const input of dataset.opening.inputs) {
    const hash = hashes.get(input.dropped) ?? (await (planned.hashOf ?? ((source) => sha256(source, signal)))(input.dropped));
    hashes.set(input.dropped, hash);
    inputs.push({
      name: input.path,
      // Of the file: whoever checks the hash has only that.
      ...(input.path === input.fileName ? {} : { file: input.fileName }),
      bytes: input.dropped.byteLength,
      sha256: hash,
      format: input.format?.id ?? null,
      records: input.records,
      rollouts: input.rollouts,
      issues: input.recordIssues,
      notes: input.notes,
    });
  }
  return {
    espalier_manifest: newestVersion(MANIFEST_FILE),
    inputs,
    tokenizer: dataset.tokenizerName,
    token_source: tokenText(facts.tokenOrigin),
    rewards_from: facts.joined.files.map(({ name, rollouts }) => ({ file: name, rollouts })),
    ...(dataset.opening.counts.images > 0 ? { images: dataset.opening.counts.images } : {}),
    ...(dataset.opening.counts.impossibleNumbers > 0 ? { impossible_numbers: dataset.opening.counts.impossibleNumbers } : {}),
    entropy_source: entropyText(facts.entropy),
    entropy_coverage: facts.entropy.coverage,
    entropy_model: await modelOf(planned, facts.entropy),
    importance_by: ruling.importanceBy,
    settings: {
      rule: ruling.rule,
      memory_tools: planned.opened.memoryTools,
      max_node_tokens: planned.opened.maxNodeTokens,
      ...regardRecord(planned.opened),
      mask_errors: spec.maskErrors,
      records,
      ...exportOptions(planned),
    },
    ...actsOf(ruling.rule, ruling.acted.answer),
    ...(ruling.acted.relative === null ? {} : { relative_reward: ruling.acted.relative }),
    budget: { target_cut: keep.budget.cut, unit: ruling.rule.unit, scope: ruling.problem.rule.scope, target_train: keep.budget.train },
    weights: CONVENTIONS[spec.weights],
    ...(await importedBy(ruling)),
    train: trainOf(planned, figures),
    totals: {
      cost: answer.cost,
      signal: { of: signalName(signalFacts(ruling)), ...answer.signal, bound_at_cost: boundAt(ruling.order.bound, keep.budget.cut) },
      distinct_tokens: answer.distinct,
      flat_tokens: answer.flat,
      sampled_tokens: answer.sampled,
      training_tokens: { ...answer.training, after: figures.trainingTokens },
      nodes: answer.nodes,
      branches: answer.branches,
      branches_without_loss: figures.branchesWithoutLoss,
      records: figures.records,
      merged_records: figures.merged,
      ...(records.maxTokens > 0 ? { over_long: figures.overLong } : {}),
      ...(records.dedup || records.balance !== 'off' || figures.mix !== null ? { left_out: figures.leftOut } : {}),
      ...mixIn(planned),
      ...linesIn(planned),
      ...maskedIn(planned),
      uncovered: figures.uncovered,
      ...(figures.outsideWhole === null ? {} : { outside_whole: figures.outsideWhole }),
      rollouts: answer.rollouts,
      merged_parts: facts.repeated.merged,
      tasks: { total: answer.tasks.total, empty: answer.tasks.empty, without_endings: answer.tasks.withoutEndings },
      tool_calls: answer.calls,
      memory_events: answer.memory,
      errors: answer.errors,
      final_turns: answer.finals,
      broken_pairs: answer.brokenPairs,
    },
    fidelity: fidelityRecord(fidelityOf(planned)),
    ...redactedIn(planned),
    pinned_events_dropped:
      answer.floorUnmet === null ? { nodes: 0 } : { nodes: answer.floorUnmet.pinnedDropped, floor: answer.floorUnmet.floor },
    train_pins_unmet: answer.trainPinsUnmet,
    warnings: answer.warnings,
    ...manifestIssues(dataset.opening.inputs),
    outputs,
    ...(figures.skipped.length > 0 ? { skipped: figures.skipped } : {}),
  };
}

/** What the mix of tags came to, by tag, and the tags that it rests on. */
function mixIn({ mix }: PlannedExport): object {
  if (mix === null) return {};
  const { pools, tags } = mix;
  return {
    mix: {
      pools: pools.map(({ name, asked, tasks, records, share, factor }) => ({
        tag: name,
        asked,
        share,
        tasks,
        records,
        weight_factor: factor,
      })),
      dropped_tasks: pools.reduce((sum, { tasks }) => sum + tasks.before - tasks.after, 0),
      tags_sha256: sha256Now(new TextEncoder().encode(JSON.stringify(tags))),
    },
  };
}

/** What became of the records of the log, where their lines are written. */
function linesIn(planned: PlannedExport): object {
  const { possible } = possibleProfiles(planned.spec, planned.ruling.dataset);
  return possible.some(({ profile }) => profile.unit === 'lines') ? { lines: lineCounts(planned) } : {};
}

/** How rollouts are grouped and which rewards were given, where anything is said of it. */
function regardRecord({ group = 'task', rewards = [], statusRewards = [], policyVersion }: RegardSettings): object {
  return {
    ...(group === 'task' ? {} : { group }),
    ...(statusRewards.length === 0 ? {} : { status_rewards: Object.fromEntries(statusRewards) }),
    ...(rewards.length === 0
      ? {}
      : { verdicts: { rollouts: rewards.length, sha256: sha256Now(new TextEncoder().encode(JSON.stringify(rewards))) } }),
    ...(policyVersion === undefined ? {} : { policy_version: policyVersion }),
  };
}

/** Turns that were masked because they went wrong, by the rules that say so: a turn counts at each of them. */
function maskedIn({ masks, learning, keep }: PlannedExport): object {
  if (masks === null) return {};
  const { all, byRule } = masks.count(learning, keep.train.trainedOf);
  return { masked_errors: { ...all, by_rule: byRule, rollouts_by_marks_alone: masks.byMarksAlone } };
}

/** Of each kind, different values that were replaced in texts; no file of token ids stands beside them. */
function redactedIn({ redactor }: PlannedExport): object {
  if (redactor === null) return {};
  const kinds: Record<string, number> = {};
  for (const { kind } of redactor.found()) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return { redacted: { placeholder: '[kind number]', different_values: kinds } };
}

/** Issues as a manifest holds them: those that are told, and how many more there are. */
export function manifestIssues(inputs: Dataset['opening']['inputs']): { readonly issues: readonly object[]; readonly more_issues: object } {
  const issues = inputs.flatMap((input) =>
    input.issues.map(({ severity, file, line, address, code, expected, found }) => ({
      severity,
      file,
      line,
      byte_offset: address.start,
      code,
      expected,
      found,
    })),
  );
  return { issues, more_issues: untoldIssues(inputs) };
}

/** What the records train, against the full set. */
function fidelityRecord({ gradient, why, effectiveTokens, wholeRollouts, tasksTrained, ...rest }: Fidelity): object {
  return {
    gradient: gradient && {
      cosine: gradient.cosine,
      cosine_interval: [gradient.low, gradient.high],
      norm_ratio: gradient.norm,
      measured: [measuredText(gradient), ...measuredNotes(gradient)],
      model: modelText(gradient.model),
      model_is_trained: gradient.isTrained,
      coverage: gradient.coverage,
      share: gradient.share,
    },
    ...(why === null ? {} : { gradient_unknown: whyText(why) }),
    effective_tokens: effectiveTokens,
    whole_rollouts: wholeRollouts,
    tasks_trained: tasksTrained,
    ...rest,
  };
}

/** How tokens were chosen to carry loss. Sizes are those of the choice; some of it may be masked, or shown by no record. */
function trainOf({ ruling: { rule }, keep: { train } }: PlannedExport, { effectiveTokens }: ExportFigures): object {
  const method = TRAIN_METHODS.find(({ id }) => id === rule.train);
  const isDrawn = method?.tokens?.take === 'drawn';
  return {
    method: rule.train,
    threshold: train.threshold,
    budget_tokens: train.budget,
    expected_tokens: train.expected,
    tokens: train.tokens,
    effective_tokens: effectiveTokens,
    ...(train.byToken ? { seed: rule.seed } : {}),
    ...(isDrawn ? { floor: rule.floor } : {}),
    factors: isDrawn ? 'a token’s weight is divided by the probability of drawing it' : 'weights are those of all tokens',
  };
}

/** What each line of the stack of acts named, and what all came to; nothing where there is none. */
export function actsOf(rule: PruneRule, answer: ActsAnswer): { readonly acts?: object } {
  if (rule.acts.length === 0) return {};
  const { total, dropped, untrained, written } = answer.rollouts;
  return {
    acts: {
      lines: rule.acts.map(({ isOn, ...act }, line) => {
        const { rollouts, nodes, overruled, elsewhere, fault } = answer.lines[line] ?? NO_FACTS;
        return {
          ...act,
          is_on: isOn,
          ...(rollouts === null ? { matched_nodes: nodes } : { matched_rollouts: rollouts }),
          overruled,
          elsewhere,
          ...(fault === null ? {} : { fault }),
        };
      }),
      rollouts: { total, dropped, untrained, ...(written === null ? {} : { written }) },
      excluded_nodes: answer.excludedNodes,
      advantages: 'of the groups as they were sampled, before anything was dropped',
    },
  };
}

const NO_FACTS = { rollouts: 0, nodes: null, overruled: 0, elsewhere: 0, fault: null };

/** The imported scores that the signal is, by what they are; nothing where it is another. */
async function importedBy({ imported, rule }: PlannedExport['ruling']): Promise<object> {
  if (imported === null || rule.signal !== 'imported') return {};
  return { imported_scores: { name: imported.name, sha256: await scoresHash(imported.values) } };
}

/** What the profiles that have options were given; nothing where none has. */
function exportOptions({ spec, ruling }: PlannedExport): object {
  const given = possibleProfiles(spec, ruling.dataset).possible.filter(({ profile }) => profile.options.length > 0);
  return given.length === 0 ? {} : { export_options: Object.fromEntries(given.map(({ profile, options }) => [profile.id, options])) };
}

/** The model whose figures took part, named by what it is and not by what it is called; null where none did. */
async function modelOf({ ruling: { dataset, model } }: PlannedExport, entropy: EntropyFacts): Promise<object | null> {
  if (model === null || entropy.model === null) return null;
  return {
    source: modelText(entropy.model),
    model_sha256: model.by?.model ?? null,
    tokenizer_sha256: model.by?.tokenizer ?? null,
    tokens_sha256: await tokenHash(dataset),
    scores_sha256: await scoresHash(model.entropy),
    scored_tokens: model.scored,
    scale: entropy.modelScale,
    kappa: entropy.sources.some(({ source }) => source === 'combined') ? KAPPA : null,
    windows: model.windows,
  };
}
