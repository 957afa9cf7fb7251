/** Why a log cannot be pruned in parts: a sentence for whoever asked. */
export class StreamRefusal extends Error {}
