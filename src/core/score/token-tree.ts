/** The part of a forest that scoring walks: so that a forest re-tokenised for another model can stand in for it. */

/**
 * Columns as in `Forest` (core/model.ts), which is one. Other than there, a node may hold no token at all: its text
 * may be empty.
 */
export interface TokenTree {
  readonly length: number;
  /** node -> node | NONE */
  readonly parent: Int32Array;
  /** node -> node, exclusive */
  readonly subtreeEnd: Int32Array;
  /** length + 1 offsets into edgeTokens */
  readonly edgeStart: Int32Array;
  readonly edgeTokens: Int32Array;
  /** node -> tokens above it */
  readonly depth: Int32Array;
  /** task -> first node; tasks + 1 entries */
  readonly treeStart: Int32Array;
}
