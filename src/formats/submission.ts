/** What a run hands in: a patch, by the names that agents and evaluations give it. */
import { get, getObject, getString } from './json.ts';

/** @param record a record of a log, or an attempt in one; undefined: nothing in it is said to be handed in. `''`: it is empty */
export function readSubmission(record: unknown): string | undefined {
  const info = getObject(record, 'info');
  const result = getObject(record, 'test_result');
  return (
    getString(info, 'submission') ??
    getString(result, 'git_patch') ??
    getString(record, 'model_patch') ??
    getString(record, 'output_patch') ??
    getString(record, 'git_patch') ??
    getString(get(record, 'response'), 'model_patch')
  );
}
