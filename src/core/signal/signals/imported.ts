/** Imported: a score of any name that a person brought along. */
import { itself, type TokenSignal } from '../signal.ts';

export const imported: TokenSignal<'imported'> = {
  id: 'imported',
  label: 'imported scores',
  help: 'A column of a JSONL file, by node key or by rollout and position.',
  unit: '',
  values: ({ imported: column }) => (column === null ? null : (at) => column.values[at]),
  amplitude: itself,
};
