/**
 * The kernel of `kernel.ts` as WGSL: one fused pass that reads each logit once and writes three floats per query, so that
 * logits never leave the GPU; and with a sketch a second pass over the row that gathers its buckets.
 */
import { hashSeeds, SKETCH_SEED } from '../gradient/sketch.ts';

/** Threads of one workgroup; one workgroup answers one query. */
const KERNEL_THREADS = 64;

/**
 * WGSL of the kernel. Bindings: 0 logits (`f32`, or `f16` read as packed pairs, which needs no shader-f16), 1 queries
 * as [row, target] pairs, 2 results as entropy, logprob and gradient of each query, 3 uniform `KernelShape`. Online
 * softmax: each thread keeps max, sum, weighted sum and sum of squares of every 64th logit, the target's left out, and
 * the 64 quadruples are merged by a tree. Workgroups are laid out in two dimensions, as one holds at most 65,535.
 *
 * @param dim of the sketch; 0: none. Then 4 is the count sketches, `dim` floats per query, of queries whose target has its
 * highest bit set. Each thread gathers `dim`/64 buckets, one entry of each block for each.
 */
export function kernelSource(logits: 'f32' | 'f16', dim = 0): string {
  const element = logits === 'f32' ? 'f32' : 'u32';
  const read =
    logits === 'f32'
      ? 'fn logit(i: u32) -> f32 { return logits[i]; }'
      : 'fn logit(i: u32) -> f32 { let pair = unpack2x16float(logits[i >> 1u]); return select(pair.x, pair.y, (i & 1u) == 1u); }';
  return /* wgsl */ `
struct Shape { vocabulary: u32, offset: u32, firstRow: u32, queryFrom: u32, queryTo: u32 };
@group(0) @binding(0) var<storage, read> logits: array<${element}>;
@group(0) @binding(1) var<storage, read> queries: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> results: array<f32>;
@group(0) @binding(3) var<uniform> shape: Shape;
${dim > 0 ? sketchHelpers(dim) : ''}
const THREADS = ${KERNEL_THREADS}u;
const NOTHING = -3.0e38;
// x: largest logit so far, y: sum of exp(z - x), z: sum of exp(z - x) * (z - x), w: sum of exp(2 (z - x))
var<workgroup> parts: array<vec4<f32>, ${KERNEL_THREADS}>;
${read}
fn merged(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  let most = max(a.x, b.x);
  if (most <= NOTHING) { return vec4<f32>(NOTHING, 0.0, 0.0, 0.0); }
  let da = max(a.x - most, -200.0);
  let db = max(b.x - most, -200.0);
  let fa = exp(da);
  let fb = exp(db);
  return vec4<f32>(
    most, a.y * fa + b.y * fb, fa * (a.z + a.y * da) + fb * (b.z + b.y * db), a.w * fa * fa + b.w * fb * fb);
}
@compute @workgroup_size(${KERNEL_THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let query = shape.queryFrom + group.x + group.y * groups.x;
  let known = query < shape.queryTo;
  var asked = queries[min(query, shape.queryTo - 1u)];
  let sketched = known && (asked.y >> 31u) == 1u;
  asked.y = asked.y & 0x7fffffffu;
  let start = shape.offset + (asked.x - shape.firstRow) * shape.vocabulary;
  var part = vec4<f32>(NOTHING, 0.0, 0.0, 0.0);
  for (var i = thread; i < shape.vocabulary; i += THREADS) {
    if (i == asked.y) { continue; }
    let z = logit(start + i);
    if (z > part.x) {
      let d = max(part.x - z, -200.0);
      let f = exp(d);
      part = vec4<f32>(z, part.y * f + 1.0, f * (part.z + part.y * d), part.w * f * f + 1.0);
    } else {
      let d = max(z - part.x, -200.0);
      let f = exp(d);
      part.y += f;
      part.z += f * d;
      part.w += f * f;
    }
  }
  parts[thread] = part;
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half = half / 2u) {
    if (thread < half) { parts[thread] = merged(parts[thread], parts[thread + half]); }
    workgroupBarrier();
  }
  let own = logit(start + asked.y);
  let others = merged(parts[0], vec4<f32>(own, 0.0, 0.0, 0.0));
  let below = max(own - others.x, -200.0);
  let mass = exp(below);
  let sum = others.y + mass;
  if (thread == 0u && known) {
    let total = log(sum);
    results[3u * query] = total - (others.z + mass * below) / sum;
    results[3u * query + 1u] = own - others.x - total;
    results[3u * query + 2u] = (others.y / sum) * (others.y / sum) + others.w / (sum * sum);
  }
${dim > 0 ? SKETCH_PASS : ''}
}
`;
}

/** The draws of `hashSeeds` and `mix32`, for the vocabulary. */
function sketchHelpers(dim: number): string {
  const { sign, shift } = hashSeeds(SKETCH_SEED, 0);
  return /* wgsl */ `
@group(0) @binding(4) var<storage, read_write> counts: array<f32>;
const DIM = ${dim}u;
fn mix32(lane: u32) -> u32 {
  var value = (lane ^ (lane >> 16u)) * 0x85ebca6bu;
  value = (value ^ (value >> 13u)) * 0xc2b2ae35u;
  return value ^ (value >> 16u);
}
fn signOf(i: u32) -> f32 { return select(1.0, -1.0, (mix32(i ^ ${sign >>> 0}u) & 1u) == 1u); }
fn shiftOf(block: u32) -> u32 { return mix32(block ^ ${shift >>> 0}u) & (DIM - 1u); }`;
}

const SKETCH_PASS = /* wgsl */ `
  if (!sketched) { return; }
  for (var bucket = thread; bucket < DIM; bucket += THREADS) {
    var value = 0.0;
    for (var first = 0u; first < shape.vocabulary; first += DIM) {
      let i = first + (bucket ^ shiftOf(first / DIM));
      if (i >= shape.vocabulary) { continue; }
      if (i == asked.y) {
        value -= signOf(i) * others.y;
      } else {
        value += signOf(i) * exp(max(logit(start + i) - others.x, -200.0));
      }
    }
    counts[query * DIM + bucket] = value / sum;
  }`;

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
