/** The repository's own source files, and what each imports: read by tests that hold the house to its plan. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Path from the root, with forward slashes -> text. */
export type Sources = ReadonlyMap<string, string>;

const FOLDERS = ['src', 'workers', 'bin', 'scripts', 'test', 'training'];
const CODE = /\.(?:ts|tsx|mts|mjs)$/;

/** Every code file of the repository's own folders, and the configurations at its root. */
export function readSources(): Sources {
  const sources = new Map<string, string>();
  const add = (path: string): void => {
    if (CODE.test(path)) sources.set(path, readFileSync(join(ROOT, path), 'utf8'));
  };
  for (const name of readdirSync(ROOT)) add(name);
  for (const folder of FOLDERS.filter((name) => existsSync(join(ROOT, name)))) {
    for (const entry of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile())
        add(
          posix.join(
            folder,
            join(entry.parentPath, entry.name)
              .slice(join(ROOT, folder).length + 1)
              .replaceAll('\\', '/'),
          ),
        );
    }
  }
  return sources;
}

export interface Import {
  /** A path from the root, or the specifier of a package or of a built-in module (`node:fs`). */
  readonly target: string;
  readonly isOwn: boolean;
  /** Erased by the compiler: only types cross. */
  readonly isType: boolean;
  /** Named by its address, to be started on another thread. */
  readonly isThread: boolean;
  /** 1-based. */
  readonly line: number;
}

/**
 * Static and dynamic imports, re-exports, and modules named by `new URL('./x.ts', import.meta.url)`. Throws where the
 * parser finds an error.
 */
export function importsOf(path: string, text: string): Import[] {
  const { module, program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const found: Import[] = [];
  const add = (specifier: string, at: number, isType: boolean, isThread = false): void => {
    const isOwn = specifier.startsWith('.');
    // The bundler is told behind a question mark what to give: `?worker&url` is the address of a worker.
    const [file = '', wanted = ''] = isOwn ? specifier.split('?') : [specifier];
    const target = isOwn ? posix.join(posix.dirname(path), file) : specifier;
    found.push({ target, isOwn, isType, isThread: isThread || wanted.startsWith('worker'), line: text.slice(0, at).split('\n').length });
  };
  for (const { moduleRequest, entries, start } of module.staticImports) {
    add(moduleRequest.value, start, entries.length > 0 && entries.every((entry) => entry.isType));
  }
  for (const { entries, start } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) if (moduleRequest) add(moduleRequest.value, start, isType);
  }
  visit(program, (node) => {
    const specifier = namedModule(node);
    if (specifier !== null) add(specifier, node.start, node.type === 'TSImportType', node.type === 'NewExpression');
  });
  return found;
}

/** Lines on which `new <name>` stands. */
export function constructions(path: string, text: string, name: string): number[] {
  const lines: number[] = [];
  visit(parseSync(path, text).program, (node) => {
    if (node.type === 'NewExpression' && nameOf(node['callee']) === name) lines.push(text.slice(0, node.start).split('\n').length);
  });
  return lines;
}

/** Lines on which a call spreads a list over its arguments; `except`: the called names that may. */
export function spreadCalls(path: string, text: string, except: readonly string[]): number[] {
  const lines: number[] = [];
  visit(parseSync(path, text).program, (node) => {
    if (node.type !== 'CallExpression' || !Array.isArray(node['arguments'])) return;
    const callee = node['callee'];
    const name = nameOf(callee) ?? (isSyntax(callee) ? nameOf(callee['property']) : null) ?? '';
    const spreads = node['arguments'].some((argument) => isSyntax(argument) && argument.type === 'SpreadElement');
    if (spreads && !except.includes(name)) lines.push(text.slice(0, node.start).split('\n').length);
  });
  return lines;
}

/** The package that a specifier names: `@scope/name` or `name`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

interface Syntax {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** All nodes below `root`, without recursion. */
function visit(root: unknown, take: (node: Syntax) => void): void {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) for (const item of value) waiting.push(item);
    else if (isSyntax(value)) {
      take(value);
      for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) waiting.push(child);
    }
  }
}

function nameOf(node: unknown): string | null {
  return isSyntax(node) && typeof node['name'] === 'string' ? node['name'] : null;
}

function textOf(node: unknown): string | null {
  return isSyntax(node) && typeof node['value'] === 'string' ? node['value'] : null;
}

/** What an `import('x')`, a type `import('x')` or a `new URL('./x.ts', import.meta.url)` names; null for other nodes. */
function namedModule(node: Syntax): string | null {
  if (node.type === 'ImportExpression') return textOf(node['source']);
  if (node.type === 'TSImportType') return textOf(node['source'] ?? node['argument']);
  if (node.type !== 'NewExpression' || nameOf(node['callee']) !== 'URL' || !Array.isArray(node['arguments'])) return null;
  const [first, second] = node['arguments'] as unknown[];
  const name = textOf(first);
  return name?.startsWith('.') && CODE.test(name) && isSyntax(second) && second.type === 'MemberExpression' ? name : null;
}
