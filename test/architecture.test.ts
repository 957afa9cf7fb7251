/** Holds the house to its plan: which room may import which, as data; and what every source file must be. */
import { describe, expect, it } from 'vitest';
import { constructions, importsOf, packageOf, readSources, spreadCalls, type Sources } from './helpers/sources.ts';

interface Room {
  readonly name: string;
  /** Files of the room; the first room of the list that matches a path holds it. */
  readonly files: RegExp;
  /** Rooms it may import besides itself. */
  readonly uses: readonly string[];
  /** npm packages it may import. */
  readonly packages: readonly string[];
  /** npm packages whose types it may name. */
  readonly types?: readonly string[];
  /** It may import `node:` modules. */
  readonly node?: boolean;
}

const ENGINE_PACKAGES = [
  '@bufbuild/protobuf',
  '@huggingface/jinja',
  '@huggingface/tokenizers',
  'fflate',
  'fzstd',
  'gpt-tokenizer',
  'hash-wasm',
  'hyparquet',
  'hyparquet-compressors',
  'hyparquet-writer',
  'papaparse',
  'tree-sitter-go',
  'tree-sitter-java',
  'tree-sitter-javascript',
  'tree-sitter-python',
  'tree-sitter-typescript',
  'web-tree-sitter',
  'yaml',
];

/** The directions in which imports run. `workers/spawn` is the page's side of a thread, `*.worker` the other. */
const ROOMS: readonly Room[] = [
  { name: 'base', files: /^src\/base\//, uses: [], packages: [] },
  { name: 'core/layout', files: /^src\/core\/layout\//, uses: ['base', 'core'], packages: ['d3-hierarchy'] },
  { name: 'core', files: /^src\/core\//, uses: ['base'], packages: [] },
  { name: 'formats', files: /^src\/formats\//, uses: ['base', 'core'], packages: [] },
  {
    name: 'engine',
    files: /^src\/engine\//,
    uses: ['base', 'core', 'core/layout', 'formats'],
    packages: ENGINE_PACKAGES,
    types: ['onnxruntime-web'],
  },
  { name: 'platform/web', files: /^src\/platform\/web\//, uses: ['core', 'engine'], packages: [] },
  {
    name: 'platform/browser',
    files: /^src\/platform\/browser\//,
    uses: ['base', 'core', 'engine', 'platform/web'],
    packages: ['onnxruntime-web'],
  },
  {
    name: 'platform/node',
    files: /^src\/platform\/node\//,
    uses: ['base', 'core', 'engine', 'platform/web'],
    packages: ['onnxruntime-node', 'onnxruntime-web'],
    node: true,
  },
  { name: 'contract', files: /^workers\/(?:[\w-]+-)?contract\.ts$/, uses: ['core', 'engine'], packages: [] },
  {
    name: 'spawn',
    files: /^workers\/(?:spawn|fetch)\.ts$/,
    uses: ['base', 'core', 'engine', 'platform/browser', 'platform/web', 'contract', 'worker'],
    packages: ['comlink'],
  },
  { name: 'door', files: /^workers\/door\.ts$/, uses: ['engine', 'platform/browser', 'platform/web', 'contract'], packages: ['comlink'] },
  {
    name: 'worker',
    files: /^workers\/[\w-]+\.worker\.ts$/,
    uses: ['core', 'engine', 'platform/browser', 'contract', 'spawn', 'door'],
    packages: ['comlink', 'onnxruntime-web'],
  },
  { name: 'app/state', files: /^src\/app\/state\//, uses: ['core', 'engine', 'contract'], packages: ['zustand', 'idb-keyval'] },
  {
    name: 'app',
    files: /^src\/app\//,
    uses: ['base', 'core', 'core/layout', 'engine', 'platform/browser', 'platform/web', 'contract', 'spawn', 'app/state'],
    packages: [
      '@fontsource-variable/inter',
      '@fontsource-variable/jetbrains-mono',
      '@tanstack/react-query',
      '@tanstack/react-virtual',
      'comlink',
      'highlight.js',
      'lowlight',
      'marked',
      'react',
      'react-dom',
    ],
  },
  { name: 'cli', files: /^src\/cli\//, uses: ['base', 'core', 'engine', 'platform/node', 'platform/web'], packages: [], node: true },
  { name: 'scripts', files: /^scripts\//, uses: ['built'], packages: ['gpt-tokenizer', 'playwright-core', 'vite'], node: true },
  { name: 'bin', files: /^bin\//, uses: ['scripts', 'built'], packages: [], node: true },
  { name: 'built', files: /^dist-cli\//, uses: [], packages: [] },
];

/** Sentences, one for each import that the plan forbids. */
function forbiddenImports(sources: Sources): string[] {
  const wrong: string[] = [];
  for (const [path, text] of sources) {
    const room = roomOf(path);
    if (room === undefined) continue;
    for (const { target, isOwn, isType, line } of importsOf(path, text)) {
      const at = `${path}:${line} imports ${target}`;
      if (target.startsWith('node:')) {
        if (room.node !== true) wrong.push(`${at}: ${room.name} runs where there is no Node`);
      } else if (!isOwn) {
        const packages = isType ? [...room.packages, ...(room.types ?? [])] : room.packages;
        if (!packages.includes(packageOf(target))) wrong.push(`${at}: ${room.name} may import ${packages.join(', ') || 'no package'}`);
      } else {
        const other = roomOf(target)?.name ?? target.split('/')[0];
        // core/layout is a part of core with a package of its own.
        const uses = [...room.uses, room.name];
        if (!uses.includes(other)) wrong.push(`${at}: ${room.name} may import ${uses.join(', ')}`);
        else if (room.name === 'contract' && !isType) wrong.push(`${at}: a contract holds types only`);
        else if (other === 'worker' && room.name !== 'spawn') wrong.push(`${at}: a worker is reached through workers/spawn.ts`);
      }
    }
  }
  return wrong;
}

function roomOf(path: string): Room | undefined {
  return ROOMS.find(({ files }) => files.test(path));
}

/** Where threads may be started: one place in the page and one for the worker that fetches, one in Node, and whoever watches fuzzing. */
const MAKES_WORKERS = /^(?:workers\/(?:spawn|fetch)\.ts|src\/platform\/node\/[\w-]+\.ts|test\/fuzz\/watch\.ts)$/;
const LONGEST_FILE = 400;
const LONGEST_WORKER = 40;

function misshapen(sources: Sources): string[] {
  const wrong: string[] = [];
  for (const [path, text] of sources) {
    // A test is named after the file it is about, which says what that is for.
    if (!path.endsWith('.test.ts') && !/^(?:#!.*\n)?\/\*\*(?!\*)/.test(text)) wrong.push(`${path}: its first line is no doc comment`);
    const lines = text.trimEnd().split('\n').length;
    const most = path.endsWith('.worker.ts') ? LONGEST_WORKER : LONGEST_FILE;
    if (lines > most) wrong.push(`${path}: ${lines} lines, at most ${most}`);
    if (!MAKES_WORKERS.test(path)) for (const line of constructions(path, text, 'Worker')) wrong.push(`${path}:${line} starts a thread`);
  }
  return wrong;
}

/** `String.fromCharCode` over a few bytes; everything else may grow with the data, and arguments lie on the stack. */
const MAY_SPREAD = ['fromCharCode'];

function spreadsOverData(sources: Sources): string[] {
  return [...sources]
    .filter(([path]) => /^src\/(?:base|core|formats|engine|app\/views\/truths)\//.test(path))
    .flatMap(([path, text]) => spreadCalls(path, text, MAY_SPREAD).map((line) => `${path}:${line} spreads a list over arguments`));
}

/** Files that import each other in a circle, as one sentence each. @param withTypes types tie, too */
function circles(sources: Sources, withTypes = false): string[] {
  const targets = new Map<string, string[]>();
  for (const [path, text] of sources)
    targets.set(
      path,
      importsOf(path, text)
        .filter((entry) => entry.isOwn && (withTypes || !entry.isType) && !entry.isThread)
        .map((entry) => entry.target),
    );
  const found: string[] = [];
  const done = new Set<string>();
  for (const start of targets.keys()) {
    const path: string[] = [];
    const waiting: (string | null)[] = [start];
    while (waiting.length > 0) {
      const file = waiting.pop() ?? null;
      if (file === null) {
        done.add(path.pop() ?? '');
        continue;
      }
      const from = path.indexOf(file);
      if (from >= 0) found.push([...path.slice(from), file].join(' → '));
      if (from >= 0 || done.has(file)) continue;
      path.push(file);
      waiting.push(null, ...(targets.get(file) ?? []));
    }
  }
  return found;
}

function withFile(path: string, text: string): Sources {
  return new Map([[path, text]]);
}

const sources = readSources();
const ours = new Map([...sources].filter(([path]) => /^(?:src|workers)\//.test(path)));

describe('architecture', () => {
  it('has every room in view', () => {
    for (const { name, files } of ROOMS)
      if (name !== 'built')
        expect(
          [...sources.keys()].some((path) => files.test(path)),
          `no file in ${name}`,
        ).toBe(true);
    expect([...ours.keys()].filter((path) => roomOf(path) === undefined)).toEqual([]);
  });

  it('lets imports run one way', () => {
    expect(forbiddenImports(sources)).toEqual([]);
  });

  it('has files of one purpose and a readable length, and threads started in one place', () => {
    expect(misshapen(sources)).toEqual([]);
  });

  it('spreads no data over the arguments of a call', () => {
    expect(spreadsOverData(sources)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(circles(ours)).toEqual([]);
  });

  // The shape of a rule derives from the table of its fields, whose entries say of what shape a rule is.
  it('has no circle of types outside of what a rule is made of', () => {
    const others = new Map([...ours].filter(([path]) => !/^src\/core\/(?:acts|model|prune|rule|signal)\//.test(path)));
    expect(circles(others, true)).toEqual([]);
  });
});

describe('the checks themselves', () => {
  it.each([
    ['src/base/a.ts', "import { x } from '../core/model.ts';"],
    ['src/core/tree/a.ts', "import type { Format } from '../../formats/format.ts';"],
    ['src/core/tree/a.ts', "import { stratify } from 'd3-hierarchy';"],
    ['src/core/source/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['src/formats/a.ts', "export { makeSession } from '../engine/session.ts';"],
    ['src/engine/a.ts', "const unpack = await import('../platform/node/unpack.ts');"],
    ['src/engine/a.ts', "type State = import('../app/state/choices.ts').Choices;"],
    ['src/engine/a.ts', "import { InferenceSession } from 'onnxruntime-web';"],
    ['src/platform/browser/a.ts', "import { useChoices } from '../../app/state/choices.ts';"],
    ['src/app/views/a.tsx', "import '../../../workers/session.worker.ts';"],
    ['src/app/views/a.tsx', "const entry = new URL('../../../workers/parse.worker.ts', import.meta.url);"],
    ['src/app/views/a.tsx', "import { create } from 'zustand';"],
    ['src/app/views/a.tsx', "import { openFileSource } from '../../platform/node/file-source.ts';"],
    ['src/cli/a.ts', "import { App } from '../app/app.tsx';"],
    ['workers/contract.ts', "import { makeSession } from '../src/engine/session.ts';"],
    ['workers/score.worker.ts', "import { client } from '../src/app/queries/client.ts';"],
  ])('forbid %s: %s', (path, line) => {
    const found = forbiddenImports(withFile(path, `/** A file. */\n${line}\n`));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${path}:2 imports`);
  });

  it('allow what the plan allows', () => {
    expect(
      forbiddenImports(withFile('src/core/layout/a.ts', "import { tree } from 'd3-hierarchy';\nimport { NONE } from '../model.ts';\n")),
    ).toEqual([]);
    expect(
      forbiddenImports(
        withFile('src/app/state/a.ts', "import { create } from 'zustand';\nimport type { Rule } from '../../core/model.ts';\n"),
      ),
    ).toEqual([]);
    expect(
      forbiddenImports(withFile('src/engine/a.ts', "// import '../app/app.tsx'\nconst text = \"import '../app/app.tsx'\";\n")),
    ).toEqual([]);
  });

  it('see a file without a sentence, one too long, a worker too long, and a thread', () => {
    expect(misshapen(withFile('src/base/a.ts', 'export const a = 1;\n'))).toHaveLength(1);
    expect(misshapen(withFile('src/base/a.ts', `/** A. */\n${'a();\n'.repeat(400)}`))).toEqual(['src/base/a.ts: 401 lines, at most 400']);
    expect(misshapen(withFile('workers/a.worker.ts', `/** A. */\n${'a();\n'.repeat(48)}`))).toEqual([
      'workers/a.worker.ts: 49 lines, at most 40',
    ]);
    expect(misshapen(withFile('src/engine/a.ts', "/** A. */\nconst w = new Worker('x');\n"))).toEqual([
      'src/engine/a.ts:2 starts a thread',
    ]);
  });

  it('see a spread', () => {
    expect(
      spreadsOverData(
        withFile('src/core/a.ts', 'const most = Math.max(...column);\nlist.push(...rows);\nconst copy = [...rows, { ...row }];\n'),
      ),
    ).toHaveLength(2);
  });

  it('see a circle', () => {
    const circle = new Map([
      ['src/base/a.ts', "import './b.ts';"],
      ['src/base/b.ts', "import './c.ts';"],
      ['src/base/c.ts', "import { a } from './a.ts';"],
    ]);
    expect(circles(circle)).toEqual(['src/base/a.ts → src/base/b.ts → src/base/c.ts → src/base/a.ts']);
    expect(
      circles(
        new Map([
          ['src/base/a.ts', "import './b.ts';"],
          ['src/base/b.ts', "import type { A } from './a.ts';"],
        ]),
      ),
    ).toEqual([]);
  });
});
