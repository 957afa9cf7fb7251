/** What sampled tokens are known by. */

/** What sampled tokens are known by. `at` is a token's place in `edgeTokens`, `node` its node. */
export interface TokenSignals {
  /** What the token is worth under `rule.signal`, ≥ 0 */
  readonly value: (at: number, node: number) => number;
  /** The same, 0 where it is not known: what "retained" counts. Absent: all is known. */
  readonly counted?: (at: number, node: number) => number;
  /** What stands for the length of its loss gradient under `rule.signal`, ≥ 0 */
  readonly amplitude: (at: number, node: number) => number;
  /** Nats from the token's best source, NaN where unknown */
  readonly entropy: (at: number, node: number) => number;
  /** node -> what its tokens' signal is multiplied by: coefficient × |mean advantage| × weight of its task */
  readonly weight: Float64Array;
}
