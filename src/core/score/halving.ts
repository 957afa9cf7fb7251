/** Requests that a device has no memory for, made again in halves: first of their rows, then of the tokens of a row. */
import type { PackedSketches } from '../gradient/store.ts';
import type { ForwardReply, ForwardRequest, LanguageModel } from './language-model.ts';

/** As ONNX Runtime, WebAssembly, JavaScript engines and WebGPU say it. */
const NO_MEMORY = /out of memory|outofmemory|bad_alloc|\bOOM\b|alloc(ate|ation)\b/i;

export function isOutOfMemory(error: unknown): boolean {
  return NO_MEMORY.test(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

/**
 * Forwards requests to one model. What it had no memory for is not asked again: later requests are made of halves at once.
 * Figures are those of the whole request. Rejects where not even one token goes.
 */
export function makeHalving(model: LanguageModel): (request: ForwardRequest) => Promise<ForwardReply> {
  /** Most tokens of a request that may still go. */
  let most = Infinity;
  const forward = async (request: ForwardRequest): Promise<ForwardReply> => {
    const tokens = request.rows * request.width;
    if (tokens <= most || tokens === 1) {
      try {
        return await model.forward(request);
      } catch (error) {
        if (tokens === 1 || !isOutOfMemory(error)) throw error;
        most = Math.min(most, Math.ceil(tokens / 2));
      }
    }
    return request.rows > 1 ? byRows(request) : byTokens(request);
  };

  async function byRows(request: ForwardRequest): Promise<ForwardReply> {
    const { rows, width } = request;
    const half = Math.ceil(rows / 2);
    const first = await forward(partOf(request, 0, half * width, { rows: half, width }));
    return joined(first, await forward(partOf(request, half * width, rows * width, { rows: rows - half, width })));
  }

  /** The second half continues what the first one makes of the prefix. */
  async function byTokens(request: ForwardRequest): Promise<ForwardReply> {
    const { width, pastLength, keep } = request;
    const half = Math.ceil(width / 2);
    const first = await forward({ ...partOf(request, 0, half, { rows: 1, width: half }), keep: true });
    if (first.cache === null) throw new Error('the model handed back no cache');
    try {
      const after = { past: first.cache, pastLength: pastLength + half, keep };
      return joined(first, await forward({ ...partOf(request, half, width, { rows: 1, width: width - half }), ...after }));
    } finally {
      model.drop(first.cache);
    }
  }
  return forward;
}

/** Tokens [from, to) of a request, with the queries on them. */
function partOf(request: ForwardRequest, from: number, to: number, shape: Pick<ForwardRequest, 'rows' | 'width'>): ForwardRequest {
  const isIn = (_: unknown, q: number): boolean => request.queryAt[q] >= from && request.queryAt[q] < to;
  const { sketch } = request;
  return {
    ...request,
    ...shape,
    tokens: request.tokens.slice(from, to),
    queryAt: request.queryAt.filter(isIn).map((at) => at - from),
    queryTarget: request.queryTarget.filter(isIn),
    sketch: sketch ? { ...sketch, wanted: sketch.wanted.filter(isIn) } : null,
  };
}

/** Queries come in the order of their tokens, so those of the first part come first. */
function joined(first: ForwardReply, second: ForwardReply): ForwardReply {
  return {
    entropy: floats(first.entropy, second.entropy),
    logprob: floats(first.logprob, second.logprob),
    gradient: floats(first.gradient, second.gradient),
    sketches: joinedSketches(first.sketches, second.sketches),
    cache: second.cache,
  };
}

function joinedSketches(first: PackedSketches | null, second: PackedSketches | null): PackedSketches | null {
  if (first === null || second === null) return first ?? second;
  const values = new Uint16Array(first.values.length + second.values.length);
  values.set(first.values);
  values.set(second.values, first.values.length);
  return { scale: floats(first.scale, second.scale), values };
}

function floats(first: Float32Array, second: Float32Array): Float32Array<ArrayBuffer> {
  const all = new Float32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
