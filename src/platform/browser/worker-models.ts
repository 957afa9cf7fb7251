/** Models as the page's workers reach them: the bundled one lies beside the page. */
import type { ModelFolder } from '../../engine/score/model-folder.ts';
import { modelSize } from '../../engine/score/model-size.ts';
import type { ModelChoice, ModelSize } from '../../engine/score/model-choice.ts';
import type { FetchFrom } from '../web/fetch-from.ts';
import { openModel } from './model-files.ts';

interface WorkerModels {
  readonly open: (choice: ModelChoice, signal: AbortSignal) => Promise<ModelFolder>;
  /** Needs no score worker, which may be at work for long. */
  readonly size: (choice: ModelChoice, dtype: string | null) => Promise<ModelSize>;
}

/** @param worker address of the worker's script: these lie one folder below the page, in development and when built */
export function workerModels(worker: string, fetchFrom: FetchFrom): WorkerModels {
  const bundled = new URL('../models/espalier-3m/', worker).href;
  const open = (choice: ModelChoice, signal: AbortSignal): Promise<ModelFolder> => openModel(choice, bundled, signal, fetchFrom);
  return { open, size: (choice, dtype) => modelSize({ open }, choice, dtype) };
}
