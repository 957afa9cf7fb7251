/** Sums of logits that a graph makes itself, against their definitions in float64. */
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { makeSketcher } from '../../../../src/core/gradient/sketch.ts';
import { scoresOf } from '../../../../src/core/score/figures.ts';
import type { QueryScores, SketchAsk } from '../../../../src/core/score/kernel.ts';
import { FIGURE_VALUES, figuresTail, MASSES, TARGETS } from '../../../../src/engine/score/figures-graph.ts';
import type { Device } from '../../../../src/core/score/model-source.ts';
import type { OnnxRuntime } from '../../../../src/engine/score/onnx-port.ts';
import { writeOnnx } from '../../../../src/engine/score/onnx-writer.ts';
import { makeCpuRuntime } from '../../../../src/engine/score/ort-cpu.ts';
import { startOnnx } from '../../../../src/engine/score/start-onnx.ts';
import { startNodeModel } from '../../../../src/platform/node/language-model.ts';
import '../../../helpers/drawSeed.ts';
import { tinyBundle } from '../../../helpers/tinyLm.ts';

/** The newest operators that `writeOnnx` is meant for; the version is its last byte. */
const VERSION = 18;

/** A graph whose logits are its input, summed up. @param width of the vocabulary; null: the graph does not say */
async function summing(vocabulary: number, version = VERSION, width: number | null = vocabulary): Promise<InferenceSession> {
  const whole = writeOnnx({
    name: 'g',
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['logits'], attributes: {} }],
    constants: [],
    inputs: [{ name: 'x', type: 'float32', dims: [1, 'q', 'v'] }],
    output: { name: 'logits', type: 'float32', dims: [1, 'q', width ?? 'v'] },
  });
  whole[whole.length - 1] = version;
  const tail = figuresTail(whole, vocabulary);
  if (typeof tail === 'string') throw new Error(tail);
  return InferenceSession.create(Uint8Array.of(...whole, ...tail), { executionProviders: ['wasm'], logSeverityLevel: 3 });
}

async function scored(
  session: InferenceSession,
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  sketch: SketchAsk | null = null,
): Promise<QueryScores> {
  const vocabulary = rows[0]?.length ?? 0;
  const made = await session.run(
    {
      x: new Tensor('float32', Float32Array.from(rows.flat()), [1, rows.length, vocabulary]),
      [TARGETS]: new Tensor('int64', BigInt64Array.from(targets, BigInt), [targets.length]),
    },
    [FIGURE_VALUES, MASSES],
  );
  const floats = (name: string): Float32Array => made[name]?.data as Float32Array;
  return scoresOf({ values: floats(FIGURE_VALUES), masses: floats(MASSES) }, vocabulary, Int32Array.from(targets), sketch);
}

/** Softmax first; what is left of it without the target is summed and not taken from 1, which would lose its digits. */
function slowly(row: readonly number[], target: number): { entropy: number; logprob: number; gradient: number; error: Float32Array } {
  const logits = row.map(Math.fround);
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const mass = logits.map((z) => Math.exp(z - most));
  const sum = mass.reduce((a, b) => a + b, 0);
  const others = mass.reduce((all, m, v) => (v === target ? all : all + m), 0);
  const error = mass.map((m, v) => (v === target ? -others : m) / sum);
  return {
    entropy: mass.reduce((h, m) => (m === 0 ? h : h - (m / sum) * Math.log(m / sum)), 0),
    logprob: (logits[target] ?? NaN) - most - Math.log(sum),
    gradient: error.reduce((all, e) => all + e * e, 0),
    error: Float32Array.from(error),
  };
}

const WIDTHS = [1, 2, 7, 36, 97, 512, 1200];

describe('a graph that sums up its logits', () => {
  it('agrees with the definitions at any scale, with masked tokens and certain ones, for operators old and new', async () => {
    const sessions = new Map<string, InferenceSession>();
    const draws = fc.record({
      width: fc.constantFrom(...WIDTHS),
      version: fc.constantFrom(11, 13, 17, VERSION),
      scale: fc.constantFrom(1e-3, 1, 6, 30),
      shift: fc.constantFrom(0, -50, 400),
      seeds: fc.array(fc.record({ step: fc.double({ min: 0.1, max: 3, noNaN: true }), pick: fc.nat(), hidden: fc.nat(5) }), {
        minLength: 1,
        maxLength: 4,
      }),
    });
    await fc.assert(
      fc.asyncProperty(draws, async ({ width, version, scale, shift, seeds }) => {
        const key = `${width} ${version}`;
        const session = sessions.get(key) ?? (await summing(width, version, version === 13 ? null : width));
        sessions.set(key, session);
        const rows = seeds.map(({ step, pick, hidden }) =>
          Array.from({ length: width }, (_, v) =>
            hidden > 0 && v % 7 === hidden && v !== pick % width ? -Infinity : shift + scale * Math.sin(step * (v + 1) ** 1.3),
          ),
        );
        const targets = seeds.map(({ pick }) => pick % width);
        const sketcher = makeSketcher(width, 16);
        const found = await scored(session, rows, targets, { sketcher, wanted: Uint8Array.from(rows, (_, q) => q % 2) });
        rows.forEach((row, q) => {
          const slow = slowly(row, targets[q] ?? 0);
          expect(Math.abs((found.entropy[q] ?? NaN) - slow.entropy)).toBeLessThan(1e-4);
          expect(Math.abs((found.logprob[q] ?? NaN) - slow.logprob)).toBeLessThan(1e-4);
          // Also of a token that is all but certain: its digits are kept.
          expect(Math.abs((found.gradient[q] ?? NaN) - slow.gradient)).toBeLessThanOrEqual(1e-4 * slow.gradient + 1e-37);
          const counts = new Float64Array(16);
          if (q % 2 === 1) sketcher.logits(slow.error, 1, counts);
          counts.forEach((count, i) => expect(Math.abs((found.counts?.[16 * q + i] ?? NaN) - count)).toBeLessThan(1e-5));
        });
      }),
      { numRuns: 60 },
    );
    for (const session of sessions.values()) await session.release();
  }, 60_000);

  it('keeps its digits over a vocabulary of 151,936', async () => {
    const session = await summing(151_936);
    const rows = [1.7, 8].map((scale) => Array.from({ length: 151_936 }, (_, v) => scale * Math.sin(v * v * 0.37)));
    const found = await scored(session, rows, [7, 151_935]);
    rows.forEach((row, q) => {
      const slow = slowly(row, q === 0 ? 7 : 151_935);
      expect(Math.abs((found.entropy[q] ?? NaN) - slow.entropy)).toBeLessThan(1e-4);
      expect(Math.abs((found.logprob[q] ?? NaN) - slow.logprob)).toBeLessThan(1e-4);
      expect(Math.abs((found.gradient[q] ?? NaN) / slow.gradient - 1)).toBeLessThan(1e-4);
    });
    await session.release();
  }, 60_000);

  it('knows no score where a logit is not a number, and a masked target', async () => {
    const session = await summing(4);
    const found = await scored(
      session,
      [
        [1, NaN, 2, 3],
        [NaN, 1, 2, 3],
        [0, 0, -Infinity, -Infinity],
        [0, 1, 2, 3],
      ],
      [0, 0, 2, 0],
    );
    expect([...found.entropy].map(Number.isNaN)).toEqual([true, true, false, false]);
    expect([...found.logprob].map(Number.isNaN)).toEqual([true, true, false, false]);
    expect(found.entropy[2]).toBeCloseTo(Math.log(2), 6);
    expect(found.logprob[2]).toBe(-Infinity);
    expect(found.gradient[2]).toBeCloseTo(1.5, 6);
    await session.release();
  });

  it('is not made of operators that are too old, or of bytes that are no graph', () => {
    const whole = writeOnnx({
      name: 'g',
      nodes: [],
      constants: [],
      inputs: [],
      output: { name: 'logits', type: 'float32', dims: [1, 'q', 'v'] },
    });
    whole[whole.length - 1] = 10;
    expect(figuresTail(whole, 9)).toBe('its operators are of version 10, older than 11');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.integer({ min: 1, max: 1e6 }), (noise, vocabulary) => {
        figuresTail(noise, vocabulary);
      }),
    );
  });
});

describe('starting a model', () => {
  /** The tiny model on a runtime that `change` has altered. */
  async function startedWith(change: (runtime: OnnxRuntime<Tensor>) => OnnxRuntime<Tensor>) {
    const bundle = await tinyBundle();
    const start = async (graph: Uint8Array<ArrayBuffer>) => {
      const session = await InferenceSession.create(graph, { executionProviders: ['wasm'], logSeverityLevel: 3 });
      const runtime = change(makeCpuRuntime(session, (type, data, dims) => new Tensor(type, data, dims)));
      const device: Device = { on: 'node wasm', adapter: null, threads: 1 };
      return { runtime, device, memory: { bytes: 1 << 28 } };
    };
    const model = await startOnnx(bundle, start, true);
    const tokens = Int32Array.of(5, 6, 7);
    const request = {
      past: null,
      pastLength: 0,
      rows: 1,
      width: 3,
      tokens,
      queryAt: Int32Array.of(0, 2),
      queryTarget: Int32Array.of(6, 9),
    };
    const expected = await (await startNodeModel(bundle)).forward({ ...request, keep: false });
    return { notes: model.notes, found: await model.forward({ ...request, keep: false }), expected };
  }

  it('leaves the sums to the runtime, and says so, where the graph makes others', async () => {
    const { notes, found, expected } = await startedWith((runtime) => ({
      ...runtime,
      async run(feeds, outputs) {
        const results = await runtime.run(feeds, outputs);
        const values = results[FIGURE_VALUES]?.data;
        if (values instanceof Float32Array) values.forEach((value, i) => (values[i] = i % 5 === 2 ? 1.01 * value : value));
        return results;
      },
    }));
    expect(notes).toEqual([expect.stringMatching(/^logits are summed up outside the graph: its own sums of logits differ by 0\.0/)]);
    found.entropy.forEach((value, q) => expect(value).toBeCloseTo(expected.entropy[q] ?? NaN, 4));
  });

  it('takes the figures and no logits where they are equal', async () => {
    const asked: string[] = [];
    const { notes } = await startedWith((runtime) => ({
      ...runtime,
      run: (feeds, outputs) => {
        asked.push(...outputs);
        return runtime.run(feeds, outputs);
      },
    }));
    expect(notes).toEqual([]);
    // The check at the start compares both.
    expect(asked.slice(0, 2)).toEqual([FIGURE_VALUES, 'logits']);
    expect(asked.slice(2)).not.toContain('logits');
  });
});
