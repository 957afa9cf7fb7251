/** Labels of entropy's source, figures of a model card, and which of the dropped files are a model. */
import { describe, expect, it } from 'vitest';
import { axisFor } from '../../../src/app/canvas/scatter.ts';
import { mainFigures, rankFigures } from '../../../src/app/text/model-card.ts';
import { readRate } from '../../../src/app/queries/read-rate.ts';
import { endSentence, lacksEntropy, readingSentence, roomSentence, selfCheckSentence, shortModel } from '../../../src/app/text/scoring.ts';
import type { Device, ModelSource } from '../../../src/core/score/model-source.ts';
import { sortPicked } from '../../../src/app/views/entry/sort-picked.ts';

const NOBODY: ModelSource = { name: '', dtype: null, devices: [] };

describe('labels', () => {
  it('name model, number type and device, and leave adapter and threads to the title', () => {
    const model = (...devices: Device[]): ModelSource => ({ name: 'a-3m (old)', dtype: 'fp16', devices });
    const metal: Device = { on: 'webgpu', adapter: 'apple metal-3', threads: null };
    const wasm: Device = { on: 'wasm', adapter: null, threads: 4 };
    expect(shortModel(model(metal))).toBe('model: a-3m (old) (fp16, webgpu)');
    expect(shortModel(model(wasm))).toBe('model: a-3m (old) (fp16, wasm)');
    expect(shortModel(model(wasm, metal, { ...wasm, threads: 1 }))).toBe('model: a-3m (old) (fp16, wasm and webgpu)');
    expect(shortModel({ name: 'not named', dtype: null, devices: [] })).toBe('model: not named');
  });

  it('tell logs that a model can help', () => {
    const logged = { source: 'logged', tokens: 9 } as const;
    expect(lacksEntropy({ sources: [logged], coverage: 1 })).toBe(false);
    expect(lacksEntropy({ sources: [logged], coverage: 0.99 })).toBe(true);
    expect(lacksEntropy({ sources: [logged, { source: 'surprisal', tokens: 1 }], coverage: 1 })).toBe(true);
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
    expect(endSentence({ ok: true, cancelled: true, scored: 3, forwarded: 9, seconds: 2, source: NOBODY, fallbacks: [] })).toBe(
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

  it('scores per token of a person’s own are no log', () => {
    const sorted = sort('runs/value.token-scores.jsonl', 'runs/a.jsonl');
    expect(sorted.tokenScores?.path).toBe('runs/value.token-scores.jsonl');
    expect(sorted.logs.map(({ path }) => path)).toEqual(['runs/a.jsonl']);
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

describe('a download', () => {
  it('says how far it is, and how fast it comes once that can be told', () => {
    const plain = (text: string | null): string | undefined => text?.replaceAll('\u202f', ' ');
    const far = { bytes: 250e6, totalBytes: 1e9 };
    expect(plain(readingSentence({ ...far, bytesPerSecond: null }))).toBe('Reading the model: 250.0 MB of 1.00 GB');
    expect(plain(readingSentence({ ...far, bytesPerSecond: 5e6 }))).toBe(
      'Reading the model: 250.0 MB of 1.00 GB, 5.00 MB/s, about 2 min 30 s left',
    );
    expect(plain(readingSentence({ ...far, bytesPerSecond: 0 }))).toBe('Reading the model: 250.0 MB of 1.00 GB');
    expect(roomSentence(5, null)).toBeNull();
    expect(roomSentence(5, { free: 5 })).toBeNull();
    expect(plain(roomSentence(2e9, { free: 1e9 }))).toMatch(/^2\.00 GB do not fit: this browser gives this page 1\.00 GB more\./);
  });

  it('is as fast as over the last seconds, whatever was here already', () => {
    const rate = readRate();
    expect([rate(0, 0), rate(5e8, 0.1), rate(5e8 + 1e6, 1)]).toEqual([null, null, null]);
    const told = Array.from({ length: 20 }, (_, i) => rate(5e8 + 1e6 * (i + 2), i + 2));
    expect(told.slice(10)).toEqual(Array.from({ length: 10 }, () => 1e6));
    // As many seconds without a byte as are looked back on.
    expect(Array.from({ length: 10 }, (_, i) => rate(5e8 + 21e6, 22 + i)).at(-1)).toBe(0);
  });
});
