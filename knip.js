/**
 * What is used: run as it is, by the program, its scripts and its tests; with `--production`, by the program alone, so that
 * what only a test uses shows up. There an export that its own file uses is none too many: tests may look at parts.
 */
const used = process.argv.includes('--production');

export default {
  entry: [
    'workers/*.worker.ts!',
    'src/cli/{main,api}.ts!',
    'scripts/{start,test,test-small,test-trainers,bench,fuzz,sample,pictures,declarations,api-docs,bounds-docs,reliability,audit}.mjs',
    'test/bench/{main,child,scaling/main}.ts',
    'test/fuzz/{main,thread}.ts',
    'test/bench/gpu/*-times.ts',
    'test/**/*.test.{ts,tsx}',
  ],
  project: ['src/**/*.{ts,tsx,css}!', 'workers/*.ts!', 'scripts/**/*.mjs', 'bin/*.mjs!', 'test/**/*.{ts,tsx}'],
  // The optional peer, which is imported where a person installed it; test/package.test.ts holds it to its import.
  ignoreDependencies: ['onnxruntime-node'],
  ignoreBinaries: ['apt-get', 'clang', 'java', 'wasm-ld', 'img2webp', 'mount', 'umount'],
  ignoreExportsUsedInFile: used || { interface: true, type: true },
};
