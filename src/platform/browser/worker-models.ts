/** Models as the page's workers reach them: the bundled one lies beside the page. */
import type { ModelFolder } from '../../engine/score/model-folder.ts';
import { modelSize } from '../../engine/score/model-size.ts';
import type { ModelChoice, ModelSize } from '../../engine/score/model-choice.ts';
import { openModel } from './model-files.ts';

/** Call it in a worker: these lie one folder below the page, in development and when built. */
export function openWorkerModel(choice: ModelChoice, signal: AbortSignal): Promise<ModelFolder> {
  return openModel(choice, new URL('../models/espalier-3m/', self.location.href).href, signal);
}

/** Needs no score worker, which may be at work for long. */
export function workerModelSize(choice: ModelChoice, dtype: string | null): Promise<ModelSize> {
  return modelSize({ open: openWorkerModel }, choice, dtype);
}
