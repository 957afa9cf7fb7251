/** Prefix costs in words, for page and terminal. */
import type { Way } from '../../core/prefix/ways.ts';
import type { PrefixPackingAnswer, RecordSetCost } from '../answers/prefix-cost.ts';

export const WAY_NAMES: Readonly<Record<Way, string>> = {
  flat: 'no sharing',
  grouper: 'prefix grouper',
  tree: 'tree attention',
};

const count = (value: number, one: string): string => `${value.toLocaleString('en')} ${value === 1 ? one : `${one}s`}`;

/** Lines: none where every record fits. */
export function overContextText({ records, tokens }: RecordSetCost['overContext'], context: number): string[] {
  if (records === 0) return [];
  return [
    `${count(records, 'record')} longer than the context of ${count(context, 'token')}, by ${count(tokens, 'token')} in all; ` +
      'counted as if the model took them',
  ];
}

/** Lines: none where every record is packed. */
export function tooLongText({ tooLong: { records, tokens }, settings: { room } }: PrefixPackingAnswer): string[] {
  if (records === 0) return [];
  return [`${count(records, 'record')} of ${count(tokens, 'token')} longer than a block of ${room.toLocaleString('en')}, packed nowhere`];
}
