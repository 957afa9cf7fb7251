/** The verbs of a session about exports: what would be written, and writing it. */
import type { ExportSink } from '../core/export/sink.ts';
import type { Budget } from '../core/model/rule.ts';
import type { ExportedFile, ExportFigures, ExportPreview, ExportSpec, ProfileOffer, ShownRecords } from './answers/exporting.ts';
import type { Fidelity } from './answers/fidelity.ts';
import type { Preflight } from './answers/preflight.ts';
import type { Dataset } from './dataset.ts';
import { prepareErrors } from './errors/prepared.ts';
import { profileOffers } from './export/choose.ts';
import { fidelityOf } from './export/fidelity.ts';
import { exportFigures } from './export/figures.ts';
import type { PlannedExport } from './export/planned.ts';
import { preflight } from './export/preflight/preflight.ts';
import { previewExport } from './export/preview.ts';
import { shownRecords } from './export/shown-records.ts';
import { rehearse, runExport } from './export/run.ts';
import type { Surveys } from './surveys/session-surveys.ts';

export interface SessionExports {
  /**
   * Looks for erroneous turns where the spec masks by rules that need the texts of the log: before `fidelity` and `exportFigures`,
   * which answer at once; the other verbs do it themselves.
   */
  prepareErrors(spec: ExportSpec): Promise<void>;
  /** What an export with this spec keeps of what the full set would train. */
  fidelity(orderId: number, budget: Budget, spec: ExportSpec): Fidelity;
  /** All there are, each with whether the open log can give it. */
  exportProfiles(): readonly ProfileOffer[];
  previewExport(orderId: number, budget: Budget, spec: ExportSpec): Promise<readonly ExportPreview[]>;
  /** Records as conversations; `from` counts from 0, in the order of tasks. */
  exportRecords(orderId: number, budget: Budget, spec: ExportSpec, from: number, count: number): Promise<ShownRecords>;
  /** What its records come to, counted on what would be written. */
  exportFigures(orderId: number, budget: Budget, spec: ExportSpec): ExportFigures;
  /** The files that `export` would write, but the manifest, with what targets cannot say: all is made and nothing is kept. */
  rehearse(
    orderId: number,
    budget: Budget,
    spec: ExportSpec,
    onProgress: (done: number, total: number) => void,
  ): Promise<readonly ExportedFile[]>;
  /** A look at the records that the export would write. `onProgress` counts them. Rejects with AbortError after `cancel`. */
  preflight(orderId: number, budget: Budget, spec: ExportSpec, onProgress: (done: number, total: number) => void): Promise<Preflight>;
  /** Writes the export's files, manifest last. Rejects with AbortError after `cancel`. */
  export(
    orderId: number,
    budget: Budget,
    spec: ExportSpec,
    sink: ExportSink,
    onProgress: (done: number, total: number) => void,
  ): Promise<readonly ExportedFile[]>;
}

/** What of a session they need. */
interface ExportContext {
  /** Throws where nothing is open. */
  readonly dataset: () => Dataset;
  /** Throws where nothing is open, or the order is gone. */
  readonly plan: (orderId: number, budget: Budget, spec: ExportSpec) => PlannedExport;
  readonly surveys: Surveys;
}

interface ExportWork {
  readonly verbs: SessionExports;
  /** A plan with what it rests on got ready: what error rules find, where the spec asks them. */
  readonly prepared: (orderId: number, budget: Budget, spec: ExportSpec, signal?: AbortSignal) => Promise<PlannedExport>;
  /** Files are being written. */
  readonly isExporting: () => boolean;
  cancel(what: 'export' | 'preflight'): void;
}

export function makeSessionExports({ dataset, plan, surveys }: ExportContext): ExportWork {
  const jobs = { export: new Set<AbortController>(), preflight: new Set<AbortController>() };
  const prepared = async (orderId: number, budget: Budget, spec: ExportSpec, signal = new AbortController().signal) => {
    await prepareErrors(surveys, dataset, spec, signal);
    return plan(orderId, budget, spec);
  };
  return {
    prepared,
    isExporting: () => jobs.export.size > 0,
    cancel(what) {
      for (const job of jobs[what]) job.abort();
    },
    verbs: {
      prepareErrors: (spec) => prepareErrors(surveys, dataset, spec, new AbortController().signal),
      fidelity: (orderId, budget, spec) => fidelityOf(plan(orderId, budget, spec)),
      exportProfiles: () => profileOffers(dataset()),
      previewExport: async (orderId, budget, spec) => previewExport(await prepared(orderId, budget, spec)),
      exportRecords: async (orderId, budget, spec, from, count) => shownRecords(await prepared(orderId, budget, spec), from, count),
      exportFigures: (orderId, budget, spec) => exportFigures(plan(orderId, budget, spec)),
      preflight: (orderId, budget, spec, onProgress) =>
        asJob(jobs.preflight, async (signal) => {
          const planned = await prepared(orderId, budget, spec, signal);
          return preflight(planned, planned.tokenizer, onProgress, signal);
        }),
      rehearse: (orderId, budget, spec, onProgress) =>
        asJob(jobs.export, async (signal) => rehearse(await prepared(orderId, budget, spec, signal), onProgress, signal)),
      export: (orderId, budget, spec, sink, onProgress) =>
        asJob(jobs.export, async (signal) => runExport(await prepared(orderId, budget, spec, signal), sink, onProgress, signal)),
    },
  };
}

/** Runs what can be stopped for as long as it is among `jobs`. */
async function asJob<T>(jobs: Set<AbortController>, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const mine = new AbortController();
  jobs.add(mine);
  try {
    return await work(mine.signal);
  } finally {
    jobs.delete(mine);
  }
}
