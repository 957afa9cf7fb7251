/** All train methods, in the order in which lists show them; the first is the default. */
import { forking } from './train-methods/forking.ts';
import { nodes } from './train-methods/nodes.ts';
import { random } from './train-methods/random.ts';
import { top } from './train-methods/top.ts';
import { unbiased } from './train-methods/unbiased.ts';

export const TRAIN_METHODS = [nodes, top, forking, random, unbiased] as const;
