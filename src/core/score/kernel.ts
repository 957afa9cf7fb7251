/**
 * Entropy and log-probability from logits: in float64 here, and the same as one fused WGSL kernel that reads each logit
 * once and writes two floats per query, so that logits never leave the GPU.
 *
 * With m = max z, s = Σ exp(z − m), w = Σ exp(z − m)·(z − m):  H = log s − w/s,  log p(t) = z_t − m − log s.
 */

export interface RowScore {
  /** nats */
  entropy: number;
  /** nats */
  logprob: number;
}

/** Scores of logits[from .. from + vocabulary), the target's log-probability included. NaN where a logit is NaN. */
export function scoreRow(logits: ArrayLike<number>, from: number, vocabulary: number, target: number, out: RowScore): RowScore {
  const end = from + vocabulary;
  let most = -Infinity;
  for (let i = from; i < end; i++) if (logits[i] > most) most = logits[i];
  let sum = 0;
  let weighted = 0;
  for (let i = from; i < end; i++) {
    const below = logits[i] - most;
    // A masked-out logit of −∞ has probability 0 and adds nothing.
    if (below === -Infinity) continue;
    const mass = Math.exp(below);
    sum += mass;
    weighted += mass * below;
  }
  const log = Math.log(sum);
  out.entropy = log - weighted / sum;
  out.logprob = logits[from + target] - most - log;
  return out;
}

/** Queries of one logits block [rows, vocabulary]. */
export function scoreRows(
  logits: ArrayLike<number>,
  vocabulary: number,
  rows: ArrayLike<number>,
  targets: ArrayLike<number>,
): { entropy: Float32Array<ArrayBuffer>; logprob: Float32Array<ArrayBuffer> } {
  const entropy = new Float32Array(rows.length);
  const logprob = new Float32Array(rows.length);
  const score: RowScore = { entropy: 0, logprob: 0 };
  for (let q = 0; q < rows.length; q++) {
    // Queries of one row stand together: the branches of a fork share its entropy.
    scoreRow(logits, rows[q] * vocabulary, vocabulary, targets[q], score);
    entropy[q] = score.entropy;
    logprob[q] = score.logprob;
  }
  return { entropy, logprob };
}

/** Threads of one workgroup; one workgroup answers one query. */
const KERNEL_THREADS = 64;

/**
 * WGSL of the kernel. Bindings: 0 logits (`f32`, or `f16` read as packed pairs, which needs no shader-f16), 1 queries
 * as [row, target] pairs, 2 results as [entropy, logprob] pairs, 3 uniform `KernelShape`. Online softmax: each thread
 * keeps max, sum and weighted sum of every 64th logit, and
 * the 64 triples are merged by a tree. Workgroups are laid out in two dimensions, as one holds at most 65,535.
 */
export function kernelSource(logits: 'f32' | 'f16'): string {
  const element = logits === 'f32' ? 'f32' : 'u32';
  const read =
    logits === 'f32'
      ? 'fn logit(i: u32) -> f32 { return logits[i]; }'
      : 'fn logit(i: u32) -> f32 { let pair = unpack2x16float(logits[i >> 1u]); return select(pair.x, pair.y, (i & 1u) == 1u); }';
  return /* wgsl */ `
struct Shape { vocabulary: u32, offset: u32, firstRow: u32, queryFrom: u32, queryTo: u32 };
@group(0) @binding(0) var<storage, read> logits: array<${element}>;
@group(0) @binding(1) var<storage, read> queries: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> results: array<vec2<f32>>;
@group(0) @binding(3) var<uniform> shape: Shape;
const THREADS = ${KERNEL_THREADS}u;
const NOTHING = -3.0e38;
// x: largest logit so far, y: sum of exp(z - x), z: sum of exp(z - x) * (z - x)
var<workgroup> parts: array<vec3<f32>, ${KERNEL_THREADS}>;
${read}
fn merged(a: vec3<f32>, b: vec3<f32>) -> vec3<f32> {
  let most = max(a.x, b.x);
  if (most <= NOTHING) { return vec3<f32>(NOTHING, 0.0, 0.0); }
  let da = max(a.x - most, -200.0);
  let db = max(b.x - most, -200.0);
  let fa = exp(da);
  let fb = exp(db);
  return vec3<f32>(most, a.y * fa + b.y * fb, fa * (a.z + a.y * da) + fb * (b.z + b.y * db));
}
@compute @workgroup_size(${KERNEL_THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let query = shape.queryFrom + group.x + group.y * groups.x;
  let known = query < shape.queryTo;
  let asked = queries[min(query, shape.queryTo - 1u)];
  let start = shape.offset + (asked.x - shape.firstRow) * shape.vocabulary;
  var part = vec3<f32>(NOTHING, 0.0, 0.0);
  for (var i = thread; i < shape.vocabulary; i += THREADS) {
    let z = logit(start + i);
    if (z > part.x) {
      let d = max(part.x - z, -200.0);
      let f = exp(d);
      part = vec3<f32>(z, part.y * f + 1.0, f * (part.z + part.y * d));
    } else {
      let d = max(z - part.x, -200.0);
      let f = exp(d);
      part.y += f;
      part.z += f * d;
    }
  }
  parts[thread] = part;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half = half / 2u) {
    if (thread < half) { parts[thread] = merged(parts[thread], parts[thread + half]); }
    workgroupBarrier();
  }
  if (thread == 0u && known) {
    let all = parts[0];
    let total = log(all.y);
    results[query] = vec2<f32>(total - all.z / all.y, logit(start + asked.y) - all.x - total);
  }
}
`;
}

/** The kernel's uniform, five words: see `KernelPass`. */
export function kernelShape(pass: KernelPass, vocabulary: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.of(vocabulary, pass.offset, pass.firstRow, pass.queryFrom, pass.queryTo);
}

/** One dispatch: logits rows [firstRow, firstRow + rows) fit one binding. */
export interface KernelPass {
  /** Bytes from the buffer's start; a multiple of the device's alignment. */
  readonly bindingOffset: number;
  readonly bindingBytes: number;
  /** Elements from the binding's start to the first row. */
  readonly offset: number;
  readonly firstRow: number;
  /** Queries [queryFrom, queryTo), whose rows all lie in the binding. */
  readonly queryFrom: number;
  readonly queryTo: number;
}

/**
 * Cuts queries, ascending by row, into passes whose logits stay inside a binding of `maxBytes`. Rows that are not asked
 * about cost nothing. Throws where one row alone is too large.
 */
export function planKernel(
  rows: ArrayLike<number>,
  vocabulary: number,
  elementBytes: number,
  bufferBytes: number,
  maxBytes: number,
  alignment = 256,
): KernelPass[] {
  const rowBytes = vocabulary * elementBytes;
  if (rowBytes + alignment > maxBytes)
    throw new Error(`logits of one token: expected at most ${maxBytes - alignment} bytes, found ${rowBytes}`);
  const passes: KernelPass[] = [];
  let from = 0;
  while (from < rows.length) {
    const first = rows[from];
    const bindingOffset = Math.floor((first * rowBytes) / alignment) * alignment;
    let to = from + 1;
    while (to < rows.length && (rows[to] + 1) * rowBytes - bindingOffset <= maxBytes) to++;
    const end = (rows[to - 1] + 1) * rowBytes;
    // Bindings of packed pairs and of floats alike are whole words.
    const bindingBytes = Math.min(Math.ceil((end - bindingOffset) / 4) * 4, bufferBytes - bindingOffset);
    passes.push({
      bindingOffset,
      bindingBytes,
      offset: (first * rowBytes - bindingOffset) / elementBytes,
      firstRow: first,
      queryFrom: from,
      queryTo: to,
    });
    from = to;
  }
  return passes;
}
