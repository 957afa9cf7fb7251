/**
 * Logs larger than memory, pruned task by task: an index of the rollouts, shards of whole tasks that fit, and the files that
 * opening everything at once would have given, byte for byte.
 */
import type { ExportSink } from '../../core/export/sink.ts';
import type { RolloutRow } from '../../core/model/batch.ts';
import type { Budget, PruneRule, Strategy } from '../../core/model/rule.ts';
import { STRATEGIES } from '../../core/prune/strategies.ts';
import type { PruneStrategy } from '../../core/prune/strategy.ts';
import type { ByteSource } from '../../core/source/byte-source.ts';
import { scopeInForce } from '../../core/signal/least-known.ts';
import { leastKnownOf } from '../../core/signal/node-signal.ts';
import type { WholeLog } from '../../core/signal/whole-log.ts';
import { actedOf } from '../acts/acted.ts';
import type { Suited } from '../answers/dataset.ts';
import type { ExportedFile, ExportSpec, SkippedProfile } from '../answers/exporting.ts';
import type { OpenProgress, OpenSettings } from '../answers/opening.ts';
import { suitedFor, type Dataset } from '../dataset.ts';
import { prepareErrors } from '../errors/prepared.ts';
import { chosenProfiles, possibleProfiles } from '../export/choose.ts';
import { fileNameOf, fileOf, packedName } from '../export/file-names.ts';
import { prepareSha256, sha256 } from '../export/hash.ts';
import { manifestIssues, manifestText } from '../export/manifest.ts';
import { openOutput } from '../export/output.ts';
import { planExport } from '../export/plan.ts';
import { recordSettings } from '../export/record-settings.ts';
import { taskSplits } from '../export/records.ts';
import { MANIFEST_NAME, runExport } from '../export/run.ts';
import { get } from '../../formats/json.ts';
import type { Opening } from '../opening-inputs.ts';
import type { InputFile } from '../input-file.ts';
import type { Unpack } from '../parts.ts';
import type { ParsePool } from '../pool.ts';
import { makeReadBack } from '../read-back.ts';
import { readRule } from '../read-rule.ts';
import { makeRuling } from '../ruling.ts';
import { makeSurveys } from '../surveys/session-surveys.ts';
import { loadTokenizer } from '../tokenizers/load.ts';
import { gatherShard, makeGathered, withChannels, type FrozenShard } from './gather.ts';
import { indexLog } from './index-log.ts';
import { joinFiles } from './join-sink.ts';
import { joinManifests, type Joined } from './join.ts';
import { partOf, type Part } from './part.ts';
import { StreamRefusal } from './refusal.ts';
import { prepareActs, type PreparedActs } from './stream-acts.ts';
import { writeCurve } from './curve-file.ts';
import type { Allotment } from './shared-budget.ts';
import { curvesOf, dropCurves, keepOf, sharedCut, withWay } from './shared-pass.ts';
import { fillShards } from './shards.ts';
import type { MakeSpill, Spill } from './spill.ts';
import { makeSurvey } from './survey.ts';

/** What a platform lends. */
export interface StreamPorts {
  readonly pool: ParsePool;
  readonly unpack: Unpack;
  readonly makeSpill: MakeSpill;
}

/** A log that is indexed and gathered: its forests lie on disk, shard by shard. */
export interface StreamedLog {
  readonly rollouts: number;
  /** Records that are merged into rollouts which go on with them. */
  readonly merged: number;
  readonly tasks: number;
  readonly shards: number;
  /** Bytes of the records of the largest shard. */
  readonly largest: number;
  /** Records that could not be used. */
  readonly issues: number;
  /** Branches that the chat template refuses. */
  readonly refusedBranches: number;
  readonly suited: Suited;
  /**
   * Writes what `Session.export` of everything opened at once would write. Throws StreamRefusal, see `refuse`.
   * @param allotted what a larger log, which this is a part of, leaves to it; null: this is all
   */
  prune(
    rule: PruneRule,
    budget: Budget,
    spec: ExportSpec,
    sink: ExportSink,
    onProgress: (shard: number, shards: number) => void,
    allotted?: Allotment | null,
  ): Promise<StreamedExport>;
  /** Writes its curve, for a budget that it shares with other logs. */
  curve(rule: PruneRule, sink: ExportSink, name: string): Promise<void>;
}

export interface StreamedExport extends Joined {
  readonly files: readonly ExportedFile[];
  /** Profiles that the log cannot give. */
  readonly skipped: readonly SkippedProfile[];
}

/** @param shardBytes of records that fit in memory as a forest. Rejects with AbortError when aborted. */
export async function streamLog(
  files: readonly InputFile[],
  opened: OpenSettings,
  { pool, unpack, makeSpill }: StreamPorts,
  shardBytes: number,
  signal: AbortSignal,
  onProgress: (progress: OpenProgress) => void,
): Promise<StreamedLog> {
  const [{ tokenizer, template }] = await Promise.all([loadTokenizer(opened.tokenizer), pool.configure(opened)]);
  const index = await indexLog(files, opened, pool, unpack, makeSpill, signal, (progress) => onProgress({ ...progress, partial: false }));
  const shards = await fillShards(index, shardBytes, makeSpill);
  const gathered = makeGathered();
  const frozen: Spill<FrozenShard>[] = [];
  for (const [i, { rows }] of shards.entries()) {
    const own: RolloutRow[] = [];
    for await (const batch of rows.read()) for (const row of batch) own.push(row);
    rows.drop();
    const spill = makeSpill<FrozenShard>(`forest-${i}`);
    spill.add(await gatherShard(own, index.opening, opened.maxNodeTokens, pool, signal, gathered));
    frozen.push(spill);
  }
  // Issues are told once, of the whole log.
  const quiet = index.opening.inputs.map((input) => ({ ...input, issues: [], issueCounts: new Map<string, number>() }));
  const opening: Opening = { ...index.opening, inputs: quiet, counts: gathered.counts };
  const { flat, distinct } = gathered;
  const hashes = new Map<ByteSource, Promise<string>>();
  const hashOf = (source: ByteSource): Promise<string> => {
    const known = hashes.get(source) ?? sha256(source, signal);
    hashes.set(source, known);
    return known;
  };

  let prepared: PreparedActs | null = null;
  async function* datasets(whole?: WholeLog): AsyncGenerator<Dataset> {
    for (const [i, spill] of frozen.entries()) {
      signal.throwIfAborted();
      for await (const shard of spill.read()) {
        const dataset = { ...datasetOf(withChannels(shard, gathered.channels), opening, i, tokenizer.name, whole), ids: gathered.ids };
        prepared?.sayOn(dataset, i);
        yield dataset;
      }
    }
  }

  /** What each part must be told of all. */
  async function surveyed(rule: PruneRule): Promise<WholeLog> {
    prepared = await prepareActs(rule, () => datasets(), pool);
    const survey = makeSurvey(rule, gathered.hasRewards);
    for await (const dataset of datasets()) {
      const { dataset: acted, resolved } = actedOf(dataset, rule, null);
      survey.add(acted.tokens, resolved?.protection ?? null);
    }
    const whole = survey.whole();
    return withWay(whole, inForce(rule, whole), datasets, makeSpill);
  }

  return {
    rollouts: index.rollouts - gathered.merged,
    merged: gathered.merged,
    tasks: index.tasks.size,
    shards: shards.length,
    largest: shards.reduce((most, { bytes }) => Math.max(most, bytes), 0),
    issues: index.opening.inputs.reduce((sum, { recordIssues }) => sum + recordIssues, 0),
    refusedBranches: gathered.counts.templateFailures,
    suited: suitedFor(gathered.suited, flat > 0 ? 1 - distinct / flat : 0, flat),
    async curve(asked, sink, name) {
      const rule = ruleOf(asked);
      refuseOrder(rule);
      const whole = await surveyed(rule);
      if (inForce(rule, whole).scope !== rule.scope)
        throw new StreamRefusal(
          'some task knows less than half of its signal, so tasks share no budget: score the log first, or --fill none',
        );
      const curves = await curvesOf(rule, datasets(whole), makeSpill);
      await writeCurve(curves, JSON.stringify(rule), sink, name);
      dropCurves(curves);
    },
    async prune(asked, budget, spec, sink, onProgress, allotted = null) {
      const rule = ruleOf(asked);
      refuse(rule, budget, spec);
      const whole = await surveyed(rule);
      const shared = inForce(rule, whole).scope === 'global' ? await sharedCut(rule, budget, allotted, datasets(whole), makeSpill) : null;
      const settings = recordSettings(spec);
      const chosen = chosenProfiles(spec).map(({ profile }) => profile);
      const packs = settings.compress === 'gzip';
      const names = chosen.flatMap((profile) =>
        (['train', 'validation'] as const).map((split) => packedName(fileNameOf(profile, split, null), packs)),
      );
      const joined = joinFiles(sink, (name) => names.includes(name), packs);
      const splits = taskSplits(gathered.keys.flat(), settings);
      const manifests: unknown[] = [];
      const parts: Part[] = [];
      const written: (readonly ExportedFile[])[] = [];
      let skipped: readonly SkippedProfile[] = [];
      for await (const dataset of datasets(whole)) {
        const ruling = makeRuling(dataset, rule, dataset.version, null);
        const keep = keepOf(ruling, budget, shared, parts.length);
        const surveys = makeSurveys({ dataset: () => dataset, pool, opened: () => Promise.resolve() });
        await prepareErrors(surveys, () => dataset, spec, signal);
        const job = { ruling, keep, spec, readBack: makeReadBack(dataset, opened.mapping), opened, tokenizer, template, hashOf };
        const planned = { ...planExport(job), splits: splits.splice(0, dataset.tokens.tasks.length) };
        written.push(await runExport(planned, joined.sink, () => undefined, signal, true));
        // Of the whole another checksum is made.
        const { sha256: _, ...manifest }: Record<string, unknown> = JSON.parse(joined.manifest());
        manifests.push(manifest);
        parts.push(partOf(planned));
        ({ skipped } = possibleProfiles(spec, dataset));
        onProgress(parts.length, frozen.length);
      }
      const files = await joined.close(written);
      const all = joinManifests(
        manifests,
        parts,
        {
          inputs: get(manifests[0], 'inputs'),
          ...manifestIssues(index.opening.inputs),
          outputs: files,
        },
        shared,
      );
      const output = await openOutput(sink, MANIFEST_NAME);
      await prepareSha256();
      await output.add(new TextEncoder().encode(manifestText(all.manifest)));
      return { ...all, skipped, files: [...files, { ...(await output.close()), records: 1 }] };
    },
  };
}

/** Read anew, with its members in one order, as a session does. */
function ruleOf(asked: PruneRule): PruneRule {
  const rule = readRule(asked);
  if (rule === null) throw new Error(`expected a rule, found ${JSON.stringify(asked)}`);
  return rule;
}

/** The rule with the scope that it has in this log. */
function inForce(rule: PruneRule, whole: WholeLog): PruneRule {
  return { ...rule, scope: scopeInForce(rule, leastKnownOf(rule.signal, whole)) };
}

/** Throws StreamRefusal where the order of a part does not tell that of the whole. */
function refuseOrder(rule: PruneRule): void {
  const strategies: readonly PruneStrategy<Strategy>[] = STRATEGIES;
  const strategy = strategies.find(({ id }) => id === rule.strategy);
  if (strategy?.acrossTasks === true)
    throw new StreamRefusal(`--strategy ${rule.strategy} shuffles all tasks together, which a log that is pruned in parts cannot`);
  if (rule.scope === 'global' && strategy?.mergeable !== true)
    throw new StreamRefusal(`--strategy ${rule.strategy} in parts needs --scope task: its orders of parts cannot be merged into one`);
  if (rule.reward === 'relative') throw new StreamRefusal('--reward relative: rollouts are not compared with ground truths in parts');
  if (rule.signal === 'imported') throw new StreamRefusal('--signal imported: scores per token are not read in parts');
}

/** Throws StreamRefusal for what one task cannot tell without the others. */
export function refuse(rule: PruneRule, budget: Budget, spec: ExportSpec): void {
  refuseOrder(rule);
  if (rule.scope === 'global' && budget.train < 1 && rule.train !== 'nodes')
    throw new StreamRefusal(`--train ${rule.train} in parts needs --scope task: single tokens of all tasks are not chosen together`);
  const { shard, dedup, balance, mixBy, shuffle, redact } = recordSettings(spec);
  if (redact !== 'none')
    throw new StreamRefusal('--redact numbers what it replaces over the whole log, which a log that is written in parts cannot');
  if (dedup || balance !== 'off' || mixBy !== 'off' || shuffle)
    throw new StreamRefusal(
      '--dedup, --balance, --mix-by and --shuffle compare the records of all tasks, which a log that is pruned in parts cannot',
    );
  if (shard > 0) throw new StreamRefusal('files of a given size are not written in parts');
  for (const { profile, options } of chosenProfiles(spec)) {
    if (profile.unit === 'lines')
      throw new StreamRefusal(`--export ${profile.id}: lines are written in the order of the log, and its parts are in that of tasks`);
    if (profile.mixesTasks?.(options) === true)
      throw new StreamRefusal(`--export ${profile.id}: tasks are put together, which a log that is written in parts cannot`);
    if (fileOf(profile, options).kind !== 'jsonl') throw new StreamRefusal(`--export ${profile.id}: only JSON Lines are written in parts`);
  }
}

function datasetOf(
  { tokens, actions, parts }: FrozenShard,
  opening: Opening,
  version: number,
  tokenizerName: string,
  whole?: WholeLog,
): Dataset {
  // Nothing is read into it: what growth needs is nowhere.
  const remainder = {
    votesNode: new Int32Array(0),
    votes: new Int32Array(0),
    sumsNode: new Int32Array(0),
    sumsStart: new Int32Array(1),
    sum: [],
    count: [],
    square: null,
  };
  return {
    version,
    complete: true,
    opening,
    tokens: { ...tokens, remainder },
    actions: { ...actions, rollouts: tokens.rollouts, remainder },
    tokenizerName,
    parts,
    ...(whole && { whole }),
  };
}
