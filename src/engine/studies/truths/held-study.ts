/** Studies of ground truths, held with the log that they are of. */
import type { TruthSettings } from '../../../core/truths/settings.ts';
import type { Dataset } from '../../dataset.ts';
import { madeCalls } from '../../surveys/made-calls.ts';
import type { SurveyProgress, Surveys } from '../../surveys/session-surveys.ts';
import { studyTruths, type TruthStudy } from './study.ts';

/** Studies held for a dataset; the one asked for longest ago goes first. */
const HELD = 4;
const held = new WeakMap<Dataset, Map<string, TruthStudy>>();

/** The same study whenever it is asked for again of the same log. */
export async function truthStudy(
  surveys: Surveys,
  settings: TruthSettings,
  signal: AbortSignal,
  onProgress?: (progress: SurveyProgress) => void,
): Promise<TruthStudy> {
  const findings = await surveys.ask(madeCalls, null, signal, onProgress);
  const known = held.get(findings.dataset) ?? new Map<string, TruthStudy>();
  held.set(findings.dataset, known);
  const key = JSON.stringify(settings);
  const study = known.get(key) ?? (await studyTruths(findings, settings, signal));
  known.delete(key);
  known.set(key, study);
  for (const oldest of known.keys()) if (known.size > HELD) known.delete(oldest);
  return study;
}
