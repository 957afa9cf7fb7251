/** A session: files open in it, a forest frozen from them, rules and budgets applied to it. Composes; decides nothing itself. */
import { NONE } from '../core/model/kinds.ts';
import { locateNodes, type NodeKey } from '../core/model/node-key.ts';
import type { Budget, PruneRule } from '../core/model/rule.ts';
import type { ExportSink } from '../core/export/sink.ts';
import type { Tokenizer } from '../core/tokens/tokenizer.ts';
import { DEFAULT_OPEN_SETTINGS, type OpenProgress, type OpenSettings } from './answers/opening.ts';
import type { ActionAnswer, NodeAnswer, NodeTextAnswer } from './answers/looking.ts';
import type { ComparisonAnswer, KeepAnswer, OrderAnswer } from './answers/pruning.ts';
import type { DatasetFacts, TaskTable } from './answers/dataset.ts';
import type { ExportedFile, ExportPreview, ExportSpec, ProfileOffer } from './answers/exporting.ts';
import type { IssuePage } from './answers/issues.ts';
import type { TreeFigures, TreeShape, TreeView } from './answers/drawing.ts';
import { actionAnswer } from './action-node.ts';
import { datasetFacts, freezeDataset, taskTable, type Dataset } from './dataset.ts';
import { treeShape } from './drawing.ts';
import { treeFigures } from './figures.ts';
import { nodeAnswer } from './looking.ts';
import { closeOpening, makeOpening, openFiles, type InputFile, type Unpack } from './open.ts';
import type { ParsePool } from './pool.ts';
import { profileOffers } from './export/choose.ts';
import { planExport, type PlannedExport } from './export/plan.ts';
import { previewExport } from './export/preview.ts';
import { runExport } from './export/run.ts';
import { exportedColumns, type ModelColumns } from './score/model-columns.ts';
import { nameNumberedHand } from './numbered-hand.ts';
import { makeReadBack, type ReadBack } from './read-back.ts';
import { readRule } from './read-rule.ts';
import { nodeText } from './reading.ts';
import { issuePage, settledOpening, settleInput } from './settle.ts';
import { makeGrowth } from './growth/growth.ts';
import type { GrowingSource } from './growth/follow.ts';
import type { FollowAnswer } from './answers/growing.ts';
import { applyBudget, comparisonAnswer, keepAnswer, keptByTask, makeRuling, orderAnswer, type Keep, type Ruling } from './ruling.ts';
import type { ImportanceChoice, ImportanceMeasured } from './score/importance.ts';
import type { Scorer } from './score/scorer.ts';
import { makeSessionImportance } from './score/session-importance.ts';
import { makeSessionScore, NO_SCORER, type SessionScore } from './score/session-score.ts';
import { loadTokenizer } from './tokenizers/load.ts';

/** What a platform lends a session. */
export interface SessionPorts {
  readonly pool: ParsePool;
  readonly unpack: Unpack;
  /** Runs language models; without one the session cannot score. */
  readonly scorer?: Scorer;
}

export interface Session {
  /** Entropy by a language model, for logs that have none. */
  readonly score: SessionScore;
  open(files: readonly InputFile[], settings: OpenSettings, onProgress: (progress: OpenProgress) => void): Promise<DatasetFacts>;
  /** Reads further files into what is open, as if they had been opened last. After `cancel` all is as it was before. */
  append(files: readonly InputFile[], onProgress: (progress: OpenProgress) => void): Promise<DatasetFacts>;
  /** Takes an input out, by its name: all is as if it had never been opened. */
  remove(name: string): Promise<DatasetFacts>;
  /** Reads a file that grows, up to its last complete line; `poll` reads on, `unfollow` reads the rest and ends it. */
  follow(source: GrowingSource, onProgress: (progress: OpenProgress) => void): Promise<FollowAnswer>;
  poll(name: string): Promise<FollowAnswer>;
  unfollow(name: string): Promise<FollowAnswer>;
  /** Stops opening, growing or exporting. */
  cancel(): void;
  facts(): DatasetFacts;
  issues(from: number, count: number): IssuePage;
  tasks(): TaskTable;
  /** Of the forest that the order was made on. */
  shape(orderId: number, task: number, view: TreeView): TreeShape;
  order(rule: PruneRule): OrderAnswer;
  /** Ahead of `order`, where the importance graph is the faster way for this forest; else nothing. */
  prepare(rule: PruneRule): Promise<void>;
  /** Node importance in both ways, timed. */
  measureImportance(rule: PruneRule): Promise<ImportanceMeasured>;
  chooseImportance(choice: ImportanceChoice): void;
  /** Gives way to opening and to ticks. Rejects when the order is no longer held. */
  compare(orderId: number): Promise<ComparisonAnswer>;
  /** Rank and protection of a shape's nodes, and the figures (`engine/figures.ts`) with these ids. */
  figures(orderId: number, task: number, view: TreeView, ids: readonly string[]): TreeFigures;
  keep(orderId: number, budget: Budget): KeepAnswer;
  keptByTask(orderId: number, budget: Budget): { signal: Float64Array<ArrayBuffer>; distinct: Float64Array<ArrayBuffer> };
  /** Which of these keys' nodes the forest has: 1 = it does. */
  locate(view: TreeView, keys: readonly NodeKey[]): Uint8Array<ArrayBuffer>;
  /** Null where the order's forest has no such node. */
  node(orderId: number, budget: Budget, key: NodeKey): NodeAnswer | null;
  /** Of the action tree; null where it has no such node. */
  action(key: NodeKey): Promise<ActionAnswer | null>;
  nodeText(key: NodeKey, from: number, count: number): Promise<NodeTextAnswer>;
  /** All there are, each with whether the open log can give it. */
  exportProfiles(): readonly ProfileOffer[];
  previewExport(orderId: number, budget: Budget, spec: ExportSpec): Promise<readonly ExportPreview[]>;
  /** Writes the export's files, manifest last. Rejects with AbortError after `cancel`. */
  export(
    orderId: number,
    budget: Budget,
    spec: ExportSpec,
    sink: ExportSink,
    onProgress: (done: number, total: number) => void,
  ): Promise<readonly ExportedFile[]>;
}

/** Orders kept for the page's undo and for exports that run while the slider moves. */
const RULINGS = 4;
/** A partial forest is frozen when this many times more has been read than at the last one. */
const PARTIAL_GROWTH = 2;
/**
 * Beyond this many nodes the last partial forest stays until all is read: to freeze and order a larger one would hold
 * up the reading for seconds.
 */
const PARTIAL_NODES = 500_000;
const FIRST_PARTIAL_MS = 700;
/** With less time left than this, the complete forest comes soon enough, and sooner without a partial one. */
const LAST_PARTIAL_S = 1;
/** A slider that moved within this time may move again: work that can wait gives way. */
const RESTING_MS = 200;
const YIELD_MS = 10;

export function makeSession(ports: SessionPorts): Session {
  let dataset: Dataset | null = null;
  let exported: ModelColumns | null = null;
  let tokenizer: Tokenizer | null = null;
  let readBack: ReadBack | null = null;
  let settings: OpenSettings = DEFAULT_OPEN_SETTINGS;
  let version = 0;
  let nextOrder = 1;
  let controller: AbortController | null = null;
  let lastKeep: (Keep & { readonly orderId: number }) | null = null;
  let tickedAt = -Infinity;
  let opened: Promise<unknown> = Promise.resolve();
  const rulings = new Map<number, Ruling>();
  /** order -> the rule, forest and scores that it was made from */
  const rulingKeys = new Map<number, string>();

  const current = (): Dataset => {
    if (dataset === null) throw new Error('nothing is open');
    return dataset;
  };
  const setDataset = (next: Dataset): void => {
    dataset = next;
    exported = exportedColumns(next.tokens.forest, next.opening.restored?.modelSource ?? null, next.opening.restored?.modelHashes ?? null);
    readBack = makeReadBack(next, settings.mapping);
    lastKeep = null;
  };
  const ruling = (orderId: number): Ruling => {
    const found = rulings.get(orderId);
    if (!found) throw new Error(`order ${orderId} is no longer held; ask for the order again`);
    return found;
  };
  const mustGiveWay = (): boolean => controller !== null || growth.busy || performance.now() - tickedAt < RESTING_MS;
  const importance = makeSessionImportance(ports.scorer ?? NO_SCORER);
  const score = makeSessionScore(
    ports.scorer ?? NO_SCORER,
    () => {
      if (tokenizer === null || readBack === null) throw new Error('nothing is open');
      return { dataset: current(), tokenizer, readBack, settings, exported };
    },
    () => importance.forget(),
  );
  const growth = makeGrowth(ports.pool, ports.unpack, {
    dataset: current,
    settings: () => settings,
    opened: () => opened,
    nextVersion: () => ++version,
    commit(next, spliced) {
      const before = current();
      setDataset(next);
      score.carry(before, next, spliced);
    },
  });
  // Scores made here come before those that a forest export brought along.
  const modelColumns = (): ModelColumns | null => score.columns() ?? exported;
  const keyOf = (rule: PruneRule): string => JSON.stringify([rule, version, score.version]);
  /** Read anew: checked, and with its members in one order, so that equal rules are equal bytes in exports. */
  const checked = (asked: PruneRule): PruneRule => {
    const rule = readRule(asked);
    if (rule === null) throw new Error(`expected a rule, found ${JSON.stringify(asked)}`);
    return rule;
  };
  const facts = (): DatasetFacts => datasetFacts(current(), modelColumns(), score.version);
  const keepOf = (orderId: number, budget: Budget): Keep => {
    if (lastKeep?.orderId === orderId && lastKeep.budget.cut === budget.cut && lastKeep.budget.train === budget.train) return lastKeep;
    lastKeep = { ...applyBudget(ruling(orderId), budget), orderId };
    return lastKeep;
  };

  const plan = (orderId: number, budget: Budget, spec: ExportSpec): PlannedExport => {
    if (!readBack) throw new Error('nothing is open');
    return planExport({ ruling: ruling(orderId), keep: keepOf(orderId, budget), spec, readBack, opened: settings });
  };

  const open: Session['open'] = async (files, openSettings, onProgress) => {
    controller?.abort();
    growth.leave();
    score.leave();
    const mine = (controller = new AbortController());
    settings = openSettings;
    // The session's own vocabulary is read while the pool reads its own.
    const [loaded] = await Promise.all([loadTokenizer(openSettings.tokenizer), ports.pool.configure(openSettings)]);
    tokenizer = loaded.tokenizer;
    const opening = makeOpening(openSettings.maxNodeTokens);
    rulings.clear();
    let frozenAt = 0;
    const told: { last: Omit<OpenProgress, 'partial'> | null } = { last: null };
    const begun = performance.now();
    const freeze = (): void => setDataset(freezeDataset(opening, ++version, false, loaded.tokenizer.name));
    freeze();
    try {
      await openFiles(opening, files, openSettings, ports.pool, ports.unpack, mine.signal, (progress) => {
        const rollouts = opening.tokens.rollouts.length;
        const isEarly = progress.secondsLeft === null || progress.secondsLeft > LAST_PARTIAL_S;
        const partial =
          isEarly &&
          performance.now() - begun > FIRST_PARTIAL_MS &&
          rollouts >= Math.max(1, frozenAt * PARTIAL_GROWTH) &&
          opening.tokens.nodes.length <= PARTIAL_NODES;
        if (partial) {
          frozenAt = rollouts;
          freeze();
        }
        told.last = progress;
        onProgress({ ...progress, partial });
      });
      if (told.last !== null) onProgress({ ...told.last, phase: 'freezing', partial: false });
    } finally {
      if (controller === mine) {
        controller = null;
        // Orders of the last partial forest make room. Where the builders are not intact, that forest stays.
        const complete = opening.intact && !mine.signal.aborted;
        const last = opening.intact ? freezeDataset(opening, ++version, complete, loaded.tokenizer.name) : current();
        nameNumberedHand(opening.inputs, last.tokens.forest, complete);
        for (const input of opening.inputs) settleInput(input);
        if (opening.intact) rulings.clear();
        setDataset({ ...last, opening: settledOpening(opening.inputs, opening.intact) });
        closeOpening(opening);
      }
    }
    return facts();
  };

  return {
    score,
    open(files, openSettings, onProgress) {
      const result = open(files, openSettings, onProgress);
      opened = result.catch(() => undefined);
      return result;
    },
    append: (files, onProgress) => growth.append(files, onProgress).then(facts),
    remove: (name) => growth.remove(name).then(facts),
    follow: (source, onProgress) => growth.follow(source, onProgress),
    poll: (name) => growth.poll(name),
    unfollow: (name) => growth.unfollow(name),
    cancel() {
      controller?.abort();
      growth.cancel();
    },
    facts,
    issues: (from, count) => issuePage(current().opening, from, count),
    tasks: () => taskTable(current()),
    shape: (orderId, task, view) => treeShape(ruling(orderId).dataset, task, view),
    figures: (orderId, task, view, ids) => treeFigures(ruling(orderId), task, view, ids),
    order(asked) {
      const rule = checked(asked);
      // Orders of an earlier freeze make room, their forest with them: the page asks for none of them once it has this answer.
      for (const [id, held] of rulings) if (held.dataset !== dataset) rulings.delete(id);
      const key = keyOf(rule);
      const known = [...rulings.values()].find((held) => rulingKeys.get(held.id) === key);
      const model = score.snapshot() ?? exported;
      const made = known ?? makeRuling(current(), rule, nextOrder++, model, importance.inputs(current(), rule, model, key));
      // Asked for last, hence dropped last.
      rulings.delete(made.id);
      rulings.set(made.id, made);
      rulingKeys.set(made.id, key);
      for (const id of rulings.keys()) if (rulings.size > RULINGS) rulings.delete(id);
      return orderAnswer(made);
    },
    async prepare(asked) {
      const rule = checked(asked);
      const key = keyOf(rule);
      if ([...rulingKeys].some(([id, known]) => known === key && rulings.has(id))) return;
      await importance.prepare(current(), rule, () => score.snapshot() ?? exported, key);
    },
    measureImportance: (rule) => importance.measure(current(), checked(rule), score.snapshot() ?? exported),
    chooseImportance(choice) {
      importance.choose(choice);
      // Orders that were made the other way are made again.
      rulingKeys.clear();
    },
    compare: (orderId) =>
      comparisonAnswer(ruling(orderId), async () => {
        do {
          await new Promise<void>((resolve) => setTimeout(resolve, YIELD_MS));
          ruling(orderId);
        } while (mustGiveWay());
      }),
    keep(orderId, budget) {
      tickedAt = performance.now();
      return keepAnswer(ruling(orderId), keepOf(orderId, budget));
    },
    keptByTask: (orderId, budget) => keptByTask(ruling(orderId), keepOf(orderId, budget)),
    locate: (view, keys) => Uint8Array.from(locateNodes(current()[view].forest.keys, keys), (node) => (node === NONE ? 0 : 1)),
    node: (orderId, budget, key) => nodeAnswer(ruling(orderId), keepOf(orderId, budget), key),
    action(key) {
      if (!readBack || !tokenizer) throw new Error('nothing is open');
      return actionAnswer(current(), readBack, tokenizer, key);
    },
    nodeText(key, from, count) {
      if (!readBack || !tokenizer) throw new Error('nothing is open');
      return nodeText(current(), readBack, tokenizer, key, from, count, modelColumns()?.entropy ?? null);
    },
    exportProfiles: () => profileOffers(current()),
    previewExport: async (orderId, budget, spec) => previewExport(plan(orderId, budget, spec)),
    async export(orderId, budget, spec, sink, onProgress) {
      const mine = (controller = new AbortController());
      try {
        return await runExport(plan(orderId, budget, spec), sink, onProgress, mine.signal);
      } finally {
        if (controller === mine) controller = null;
      }
    },
  };
}
