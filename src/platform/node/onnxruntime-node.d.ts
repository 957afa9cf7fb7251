/** The optional package `onnxruntime-node`, whose types are those of `onnxruntime-web` and which need not be installed. */
declare module 'onnxruntime-node' {
  export { env, InferenceSession, Tensor } from 'onnxruntime-web';
}
