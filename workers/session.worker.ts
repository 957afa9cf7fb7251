/** The session worker: holds the forest, answers the page. */
import { expose, transfer } from 'comlink';
import { scoreVerbs } from '../src/engine/score/verbs.ts';
import { makeSession } from '../src/engine/session.ts';
import { buffersOf } from '../src/engine/transferables.ts';
import { blobSource } from '../src/platform/browser/blob-source.ts';
import { blobSink } from '../src/platform/browser/blob-sink.ts';
import { unpack } from '../src/platform/browser/unpack.ts';
import { workerModelSize } from '../src/platform/browser/worker-models.ts';
import type { SessionContract } from './contract.ts';
import { spawnParsePool, spawnScorer } from './spawn.ts';

const session = makeSession({ pool: spawnParsePool(), unpack, scorer: { ...spawnScorer(), size: workerModelSize } });
const moved = <T extends object>(answer: T): T => transfer(answer, buffersOf(answer));

expose({
  ...scoreVerbs(session.score),
  open: (files, settings, onProgress) =>
    session.open(
      files.map(({ path, blob }) => ({ path, source: blobSource(path, blob), handle: { blob } })),
      settings,
      onProgress,
    ),
  cancel: async () => session.cancel(),
  facts: async () => session.facts(),
  issues: async (from, count) => session.issues(from, count),
  tasks: async () => moved(session.tasks()),
  shape: async (orderId, task, view) => moved(session.shape(orderId, task, view)),
  figures: async (orderId, task, view, ids) => moved(session.figures(orderId, task, view, ids)),
  order: (rule) => session.prepare(rule).then(() => session.order(rule)),
  measureImportance: (rule) => session.measureImportance(rule),
  chooseImportance: async (choice) => session.chooseImportance(choice),
  compare: async (orderId) => session.compare(orderId),
  keep: async (orderId, budget) => session.keep(orderId, budget),
  keptByTask: async (orderId, budget) => session.keptByTask(orderId, budget),
  locate: async (view, keys) => moved(session.locate(view, keys)),
  node: async (orderId, budget, key) => session.node(orderId, budget, key),
  action: async (key) => session.action(key),
  nodeText: (key, from, count) => session.nodeText(key, from, count),
  exportProfiles: async () => session.exportProfiles(),
  previewExport: (orderId, budget, spec) => session.previewExport(orderId, budget, spec),
  async export(orderId, budget, spec, onProgress) {
    const sink = blobSink();
    const files = await session.export(orderId, budget, spec, sink, onProgress);
    return files.map((file) => ({ file, blob: sink.blob(file.name) }));
  },
} satisfies SessionContract);
