/** Grammars of the languages that patches are in: each is loaded when a file of it comes, and held. */
import { gunzipSync } from 'fflate';
import type { Language, Parser } from 'web-tree-sitter';
import { endingOf } from '../../../core/candidates/text-style.ts';
import type { Grammars } from './grammars.ts';
import { syntaxLines } from './syntax-lines.ts';

interface GrammarFile {
  readonly name: string;
  /** Of files' names. */
  readonly endings: readonly string[];
  readonly load: () => Promise<{ readonly default: string }>;
}

const FILES: readonly GrammarFile[] = [
  { name: 'Python', endings: ['py', 'pyi'], load: () => import('tree-sitter-python/tree-sitter-python.wasm?packed') },
  {
    name: 'JavaScript',
    endings: ['js', 'jsx', 'mjs', 'cjs'],
    load: () => import('tree-sitter-javascript/tree-sitter-javascript.wasm?packed'),
  },
  { name: 'TypeScript', endings: ['ts', 'mts', 'cts'], load: () => import('tree-sitter-typescript/tree-sitter-typescript.wasm?packed') },
  { name: 'TSX', endings: ['tsx'], load: () => import('tree-sitter-typescript/tree-sitter-tsx.wasm?packed') },
  { name: 'Java', endings: ['java'], load: () => import('tree-sitter-java/tree-sitter-java.wasm?packed') },
  { name: 'Go', endings: ['go'], load: () => import('tree-sitter-go/tree-sitter-go.wasm?packed') },
];

const BY_ENDING = new Map(FILES.flatMap((file) => file.endings.map((ending) => [ending, file] as const)));

/** Parsers by the name of their grammar. One runtime serves all of them. */
const parsers = new Map<string, Promise<Parser>>();
let runtime: Promise<{ readonly Parser: typeof Parser; readonly Language: typeof Language }> | null = null;

async function begin(): Promise<{ readonly Parser: typeof Parser; readonly Language: typeof Language }> {
  const [module, packed] = await Promise.all([import('web-tree-sitter'), import('web-tree-sitter/tree-sitter.wasm?packed')]);
  await module.Parser.init({ wasmBinary: unpacked(packed.default) });
  return module;
}

async function parserOf({ load }: GrammarFile): Promise<Parser> {
  const { Parser: Made, Language: Read } = await (runtime ??= begin());
  const parser = new Made();
  parser.setLanguage(await Read.load(unpacked((await load()).default)));
  return parser;
}

function unpacked(packed: string): Uint8Array {
  return gunzipSync(Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)));
}

/** For the files at these paths; those of other languages have none. Rejects where a grammar cannot be loaded. */
export async function loadGrammars(paths: Iterable<string>): Promise<Grammars> {
  const wanted = new Set([...paths].flatMap((path) => BY_ENDING.get(endingOf(path)) ?? []));
  const loaded = new Map<string, Parser>();
  for (const file of wanted) {
    let parser = parsers.get(file.name);
    if (parser === undefined) {
      parsers.set(file.name, (parser = parserOf(file)));
      // What could not be loaded, as without a network, is tried again.
      parser.catch(() => parsers.delete(file.name));
    }
    loaded.set(file.name, await parser);
  }
  const nameOf = (path: string): string | null => BY_ENDING.get(endingOf(path))?.name ?? null;
  return {
    nameOf,
    readerOf(path) {
      const name = nameOf(path);
      const parser = name === null ? undefined : loaded.get(name);
      return parser === undefined ? null : (side) => syntaxLines(parser, side, name === 'Python');
    },
  };
}
