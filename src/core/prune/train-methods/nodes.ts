/** Nodes: what a turn or a part of it is worth decides for all of its tokens. */
import type { TrainMethod } from '../train-method.ts';

export const nodes: TrainMethod<'nodes'> = {
  id: 'nodes',
  label: 'whole nodes',
  help: 'Whole nodes, by signal per token.',
  tokens: null,
};
