/** The two builds of ONNX Runtime, as the score worker names them. */
import asyncifyMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiMjs from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiWasm from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import type { Build, RuntimeFiles } from '../../../src/platform/browser/language-model.ts';

const absolute = (mjs: string, wasm: string): RuntimeFiles => ({
  mjs: new URL(mjs, location.href).href,
  wasm: new URL(wasm, location.href).href,
});

export const RUNTIME_FILES: Readonly<Record<Build, RuntimeFiles>> = {
  jspi: absolute(jspiMjs, jspiWasm),
  asyncify: absolute(asyncifyMjs, asyncifyWasm),
};
