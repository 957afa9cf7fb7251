/**
 * `node scripts/api-docs.mjs`: writes docs/api.md from the docstrings and types of the library's entry. A test fails
 * where docs/api.md is not what this makes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const ENTRY = 'src/cli/api.ts';

const EXAMPLE = `\`\`\`js
import { open, rule } from 'espalier';

const dataset = await open(['rollouts/', 'more.jsonl.gz']);
const pruned = dataset.prune(rule({ strategy: 'density', unit: 'flat' }), { cut: 0.3, train: 1 });
console.log(pruned.figures.distinct); // { before, after }
await pruned.export('set/', { profiles: [{ profile: 'tokens' }] });
\`\`\``;

/** The text of docs/api.md. */
export function apiDocs() {
  const entry = read(ENTRY);
  const own = [...entry.declared.values()];
  const functions = own.filter(({ kind }) => kind === 'FunctionDeclaration');
  const types = own.filter(({ kind }) => kind !== 'FunctionDeclaration');
  const passedOn = entry.passedOn
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => {
      const source = entry.imports.get(name);
      const found = source === undefined ? undefined : read(source).declared.get(name);
      if (found === undefined) throw new Error(`${ENTRY} exports ${name}, which is declared nowhere`);
      return found;
    });
  return [
    '# Espalier in a program',
    '<!-- Made by `node scripts/api-docs.mjs` from the docstrings; not edited by hand. -->',
    prose(entry.about),
    EXAMPLE,
    '## Functions',
    ...functions.map(section),
    '## Types of their own',
    ...types.map(section),
    '## Types passed on',
    ...passedOn.map(section),
  ]
    .join('\n\n')
    .concat('\n');
}

function section({ name, doc, code }) {
  return [`### ${name}`, ...(doc === '' ? [] : [prose(doc)]), `\`\`\`ts\n${code}\n\`\`\``].join('\n\n');
}

/** A source file's exported declarations with their docstrings, what it imports from where, and what it passes on. */
function read(path) {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const { program, comments } = parseSync(path, text);
  const docs = comments.filter(({ type, value }) => type === 'Block' && value.startsWith('*'));
  const docBefore = (start) => docs.find(({ end }) => end < start && text.slice(end, start).trim() === '')?.value ?? '';
  const declared = new Map();
  const imports = new Map();
  const passedOn = [];
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration' && node.source.value.startsWith('.'))
      for (const { local } of node.specifiers) imports.set(local.name, posix.join(posix.dirname(path), node.source.value));
    if (node.type !== 'ExportNamedDeclaration') continue;
    passedOn.push(...node.specifiers.map(({ exported }) => exported.name));
    const { declaration } = node;
    if (declaration?.id === undefined) continue;
    const end = declaration.type === 'FunctionDeclaration' ? declaration.body.start : node.end;
    const code = text
      .slice(declaration.start, end)
      .trim()
      .replace(/^async /, '');
    declared.set(declaration.id.name, { name: declaration.id.name, kind: declaration.type, doc: docBefore(node.start), code });
  }
  return { about: docs[0]?.value ?? '', declared, imports, passedOn };
}

/** A docstring as Markdown: paragraphs, then its parameters and what it returns. */
function prose(doc) {
  const lines = doc
    .split('\n')
    .map((line) => line.replace(/^\s*\*+ ?/, '').trimEnd())
    .join('\n')
    .trim();
  return lines
    .replace(/(?<!\n)\n@/g, '\n\n@')
    .replace(/@param (\w+) /g, '- `$1`: ')
    .replace(/@returns /g, '- returns ')
    .replace(/\n\n- /g, '\n- ')
    .replace(/^([^-\n].*)\n- /m, '$1\n\n- ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(ROOT, 'docs/api.md'), apiDocs());
