/** Labels of entropy's source, figures of a model card, and which of the dropped files are a model. */
import { describe, expect, it } from 'vitest';
import { axisFor } from '../../../src/app/canvas/scatter.ts';
import { mainFigures, rankFigures } from '../../../src/app/text/model-card.ts';
import { endSentence, lacksEntropy, selfCheckSentence, shortSource } from '../../../src/app/text/scoring.ts';
import { sortPicked } from '../../../src/app/views/entry/sort-picked.ts';

describe('labels', () => {
  it('name model, number type and device, and leave adapter and threads to the title', () => {
    expect(shortSource('model: a-3m (fp16, webgpu (apple metal-3))')).toBe('model: a-3m (fp16, webgpu)');
    expect(shortSource('model: a-3m (fp16, wasm, 4 threads)')).toBe('model: a-3m (fp16, wasm)');
    expect(shortSource('logged + model: b (old) (q4f16, wasm, 1 thread)')).toBe('logged + model: b (old) (q4f16, wasm)');
    expect(shortSource('model: a-3m (fp16, wasm, 1 thread and webgpu (apple metal-3))')).toBe('model: a-3m (fp16, wasm and webgpu)');
    expect(['logged', 'top-k', 'model: c (fp32, node wasm)'].map(shortSource)).toEqual(['logged', 'top-k', 'model: c (fp32, node wasm)']);
  });

  it('tell logs that a model can help', () => {
    expect(lacksEntropy({ entropySource: 'logged', entropyCoverage: 1 })).toBe(false);
    expect(lacksEntropy({ entropySource: 'logged', entropyCoverage: 0.99 })).toBe(true);
    expect(lacksEntropy({ entropySource: 'logged + surprisal', entropyCoverage: 1 })).toBe(true);
  });

  it('say how a self-check and a run went', () => {
    expect(
      selfCheckSentence({ executor: 'webgpu (x)', selfCheck: { against: 'wasm, 1 thread', difference: 0.0123456, agrees: false } }),
    ).toBe('Self-check failed, so webgpu (x) is used.');
    expect(
      selfCheckSentence({ executor: 'webgpu (x)', selfCheck: { against: 'wasm, 1 thread', difference: 0.00025, agrees: true } }),
    ).toContain('differs from wasm, 1 thread by 0.00025 nats');
    expect(endSentence({ ok: false, reason: 'the GPU device was lost', scored: 1200, fallbacks: [] })).toBe(
      'The run stopped: the GPU device was lost. 1,200 tokens have a score; they are kept.',
    );
    expect(endSentence({ ok: true, cancelled: true, scored: 3, forwarded: 9, seconds: 2, source: '', fallbacks: [] })).toBe(
      'Cancelled after 2 s. 3 tokens have a score; they are kept.',
    );
  });
});

describe('a model card', () => {
  const card = `# a-3m

| text | bytes | model |
|---|---:|---:|
| code | 9 | 1.4 |

| log | unit | n | model | byte 5-gram | token count | byte count |
|---|---|---:|---:|---:|---:|---:|
| one log | token | 50 | **0.700** | 0.300 | – | 0.010 |
| all NeMo-Gym | token | 1234 | **0.512** | 0.300 | – | 0.010 |
| all NeMo-Gym | message, mean | 88 | **−0.050** | 0.300 | 0.200 | 0.400 |
`;

  it('gives its rank agreement, over all logs where it has that', () => {
    expect(rankFigures(card)).toHaveLength(3);
    expect(mainFigures(rankFigures(card))).toEqual([
      { log: 'all NeMo-Gym', unit: 'token', n: '1234', model: 0.512, baseline: { name: 'byte 5-gram', value: 0.3 } },
      { log: 'all NeMo-Gym', unit: 'message, mean', n: '88', model: -0.05, baseline: { name: 'byte count', value: 0.4 } },
    ]);
  });

  it('may have no figures', () => {
    expect(mainFigures(rankFigures('# a-3m\n\nNot measured yet.\n'))).toEqual([]);
  });
});

describe('among dropped files', () => {
  const sort = (...paths: string[]) => sortPicked(paths.map((path) => ({ path, blob: new Blob([]) })));

  it('a folder with a graph is a model, and its tokenizer is not the log’s', () => {
    const sorted = sort(
      'qwen/onnx/model_q4.onnx',
      'qwen/onnx/model_q4.onnx_data',
      'qwen/tokenizer.json',
      'qwen/config.json',
      'runs/a.jsonl',
      'runs/scores.bin',
    );
    expect(sorted.model?.name).toBe('qwen');
    expect(sorted.model?.files).toHaveLength(4);
    expect(sorted.tokenizer).toBeNull();
    expect(sorted.logs.map(({ path }) => path)).toEqual(['runs/a.jsonl']);
    expect(sorted.scores?.path).toBe('runs/scores.bin');
  });

  it('loose model files leave loose logs alone', () => {
    const sorted = sort('model.onnx', 'model.onnx.data', 'tokenizer.json', 'config.json', 'a.jsonl', 'scores (1).bin');
    expect(sorted.model?.files.map(({ path }) => path)).toEqual(['model.onnx', 'model.onnx.data', 'tokenizer.json', 'config.json']);
    expect(sorted.logs.map(({ path }) => path)).toEqual(['a.jsonl']);
    expect(sorted.scores?.path).toBe('scores (1).bin');
  });

  it('a tokenizer without a graph stays the log’s', () => {
    expect(sort('t/tokenizer.json', 'a.jsonl').tokenizer?.path).toBe('t/tokenizer.json');
  });
});

it('an axis holds every value in at most six steps', () => {
  for (const most of [0.004, 0.3, 1, 7.2, 18.7, 99]) {
    const { end, step } = axisFor([Float32Array.of(0, most)]);
    expect(end).toBeGreaterThanOrEqual(Math.fround(most));
    expect(end / step).toBeLessThanOrEqual(6);
  }
});
