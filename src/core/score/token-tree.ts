/** The part of a forest that scoring walks: so that a forest re-tokenised for another model can stand in for it. */
import type { Forest } from '../model/forest.ts';

/** Columns of a `Forest`. Other than there, a node may hold no token at all: its text may be empty. */
export type TokenTree = Pick<Forest, 'length' | 'parent' | 'subtreeEnd' | 'edgeStart' | 'edgeTokens' | 'depth' | 'treeStart'>;
