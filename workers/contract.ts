/**
 * What the page may ask of the session worker. Types only; everything here survives structured clone (callbacks cross
 * by comlink proxy).
 */
import type { NodeKey } from '../src/core/model/node-key.ts';
import type { Budget, PruneRule } from '../src/core/model/rule.ts';
import type { ActionAnswer, NodeAnswer, NodeTextAnswer } from '../src/engine/answers/looking.ts';
import type { ComparisonAnswer, KeepAnswer, OrderAnswer } from '../src/engine/answers/pruning.ts';
import type { DatasetFacts, TaskTable } from '../src/engine/answers/dataset.ts';
import type { ExportPreview, ExportSpec, ExportedFile, ProfileOffer } from '../src/engine/answers/exporting.ts';
import type { IssuePage } from '../src/engine/answers/issues.ts';
import type { OpenProgress, OpenSettings } from '../src/engine/answers/opening.ts';
import type { TreeFigures, TreeShape, TreeView } from '../src/engine/answers/drawing.ts';
import type { ImportanceChoice, ImportanceMeasured } from '../src/engine/score/importance.ts';
import type { ScoreVerbs } from '../src/engine/score/verbs.ts';

/** A dropped file with its path below the dropped folder. */
export interface InputBlob {
  readonly path: string;
  readonly blob: Blob;
}

export interface SessionContract extends ScoreVerbs {
  /**
   * Opens files into a forest, replacing what was open. `onProgress` is called a few times a second; while
   * `progress.partial` is set the other calls already answer for what has been read. Rejects with `AbortError` after `cancel`.
   */
  open(files: readonly InputBlob[], settings: OpenSettings, onProgress: (progress: OpenProgress) => void): Promise<DatasetFacts>;
  /** Stops a running open or export; what was read so far stays browsable. */
  cancel(): Promise<void>;
  facts(): Promise<DatasetFacts>;
  issues(from: number, count: number): Promise<IssuePage>;
  tasks(): Promise<TaskTable>;
  shape(orderId: number, task: number, view: TreeView): Promise<TreeShape>;
  figures(orderId: number, task: number, view: TreeView, ids: readonly string[]): Promise<TreeFigures>;
  order(rule: PruneRule): Promise<OrderAnswer>;
  /** Node importance by typed arrays and by the graph on the loaded model's device, timed on the open forest. */
  measureImportance(rule: PruneRule): Promise<ImportanceMeasured>;
  /** Orders asked for afterwards are made that way. */
  chooseImportance(choice: ImportanceChoice): Promise<void>;
  compare(orderId: number): Promise<ComparisonAnswer>;
  keep(orderId: number, budget: Budget): Promise<KeepAnswer>;
  /** Per task: retained signal share at the current budget, for sorting the task list. */
  keptByTask(orderId: number, budget: Budget): Promise<{ readonly signal: Float64Array; readonly distinct: Float64Array }>;
  locate(view: TreeView, keys: readonly NodeKey[]): Promise<Uint8Array>;
  node(orderId: number, budget: Budget, key: NodeKey): Promise<NodeAnswer | null>;
  action(key: NodeKey): Promise<ActionAnswer | null>;
  nodeText(key: NodeKey, from: number, count: number): Promise<NodeTextAnswer>;
  /** All there are, each with whether the open log can give it. */
  exportProfiles(): Promise<readonly ProfileOffer[]>;
  previewExport(orderId: number, budget: Budget, spec: ExportSpec): Promise<readonly ExportPreview[]>;
  /** Writes all files in memory as blobs, manifest last. */
  export(
    orderId: number,
    budget: Budget,
    spec: ExportSpec,
    onProgress: (done: number, total: number) => void,
  ): Promise<readonly { readonly file: ExportedFile; readonly blob: Blob }[]>;
}
