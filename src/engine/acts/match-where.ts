/** Which rollouts the filter of an act finds. */
import type { Dataset } from '../dataset.ts';
import type { ModelColumns } from '../score/model-columns.ts';

type Matched = { readonly ok: true; readonly taken: Uint8Array } | { readonly ok: false; readonly fault: string };

export function matchWhere(dataset: Dataset, where: string, model: ModelColumns | null, isOn: boolean): Matched {
  return { ok: false, fault: `filters are not read yet: ${where} ${dataset.version} ${model === null} ${isOn}` };
}
