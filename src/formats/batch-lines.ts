/** Lines of batches of requests to a model server: of the file of requests, and of that of results. */
import { get, getId, getObject, getString, has, isObject } from './json.ts';

/** The member at which a line of results has the line of requests that is joined to it. */
export const BATCH_REQUEST = 'espalier_request';

const RESULTS = /^(?:succeeded|errored|canceled|expired)$/;

/** Whether a record is a line of results, by structure. */
export function isBatchResult(record: unknown): boolean {
  if (!isObject(record)) return false;
  if (getString(record, 'recordId') !== undefined) return has(record, 'modelInput') && (has(record, 'modelOutput') || has(record, 'error'));
  if (getId(record, 'custom_id') === undefined) return false;
  if (isObject(get(record, 'response')) || isObject(get(record, 'error'))) return true;
  return RESULTS.test(getString(getObject(record, 'result'), 'type') ?? '');
}

/** Whether a record is a line of requests: those have a body in one API and params in the other. */
export function isBatchRequest(record: unknown): boolean {
  return getId(record, 'custom_id') !== undefined && ['body', 'params'].some((key) => isObject(get(record, key)));
}
