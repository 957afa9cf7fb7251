/** A policy that is a finite weighted mixture over whole utterances, and its exact next-token distribution. */

/**
 * @typedef {object} Candidate
 * @property {number[]} ids tokens of the utterance, its end token included; no candidate is a proper prefix of another
 * @property {number} weight positive, not normalised
 * @property {import('./template.mjs').Utterance} utterance
 */

/**
 * What the mixture says of the next token once `depth` tokens are fixed: the weight of each continuation, in the order
 * of the candidates, the entropy in nats, and the total weight of the candidates that are left.
 * @param {readonly Candidate[]} alive the candidates consistent with the prefix
 * @param {number} depth
 */
function nextTokens(alive, depth) {
  /** @type {Map<number, number>} */
  const weights = new Map();
  let total = 0;
  for (const { ids, weight } of alive) {
    weights.set(ids[depth], (weights.get(ids[depth]) ?? 0) + weight);
    total += weight;
  }
  let entropy = 0;
  if (weights.size > 1) for (const weight of weights.values()) entropy -= (weight / total) * Math.log(weight / total);
  return { weights, entropy, total };
}

/**
 * @typedef {object} Sampled
 * @property {number[]} ids
 * @property {number[]} logprobs natural logarithm of the probability of each sampled token
 * @property {number[]} entropies of the distribution each token was drawn from, nats
 * @property {Candidate | null} candidate the utterance that was spelled, or null when `limit` cut it short
 */

/**
 * Draws one utterance token by token.
 * @param {readonly Candidate[]} candidates
 * @param {() => number} random uniform in [0, 1)
 * @param {number} [limit] most tokens to draw
 * @returns {Sampled}
 */
export function sample(candidates, random, limit = Infinity) {
  let alive = candidates;
  const ids = [];
  const logprobs = [];
  const entropies = [];
  while (ids.length < alive[0].ids.length) {
    if (ids.length >= limit) return { ids, logprobs, entropies, candidate: null };
    const depth = ids.length;
    const { weights, entropy, total } = nextTokens(alive, depth);
    let rest = random() * total;
    let token = -1;
    let weight = 0;
    for ([token, weight] of weights) {
      rest -= weight;
      if (rest < 0) break;
    }
    ids.push(token);
    logprobs.push(weights.size > 1 ? Math.log(weight / total) : 0);
    entropies.push(entropy);
    if (weights.size > 1) alive = alive.filter((candidate) => candidate.ids[depth] === token);
  }
  return { ids, logprobs, entropies, candidate: alive[0] };
}

/**
 * The same mixture, a little more certain of itself: weights to the power 5/4, by square roots alone so that every
 * machine rounds alike.
 * @param {number} weight
 */
export function sharpen(weight) {
  return weight * Math.sqrt(Math.sqrt(weight));
}
