/** The README's table of bounds, from the docstrings of src/base/bounds.ts. `npm run docs` writes it; a test holds the README to it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const START = '<!-- bounds: made by `npm run docs` -->';
const END = '<!-- end of bounds -->';

/** The table's lines, one per bound. Throws where a bound says not what is counted, in what unit, or what happens. */
function boundsTable() {
  const source = readFileSync(join(ROOT, 'src/base/bounds.ts'), 'utf8');
  const rows = [...source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export const (\w+) = ([^;]+);/g)].map(([, doc, name, value]) => {
    const text = doc.replace(/\s*\n\s*\* ?/g, ' ').trim();
    const [, what, unit, then] = /^(.*?) \((.*)\)\. Reached: (.*)\.$/.exec(text) ?? [];
    if (what === undefined) throw new Error(`the docstring of ${name} is not "what (unit). Reached: what then."`);
    return `| ${what} | ${amount(value)} ${unit} | ${then} |`;
  });
  const declared = source.match(/^export const /gm)?.length ?? 0;
  if (rows.length !== declared) throw new Error(`${declared - rows.length} bounds have no docstring`);
  return ['| What | At most | Then |', '|---|---|---|', ...rows];
}

/** The README with the table put in. */
export function readmeWithBounds() {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [before, rest] = readme.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error('README.md has no place for the bounds');
  return `${before}${START}\n\n${boundsTable().join('\n')}\n\n${END}${after}`;
}

/** A literal or product of literals, in digits. */
function amount(value) {
  const factors = value.split(/\s*(<<|\*\*|\*)\s*/);
  let result = Number(factors[0].replaceAll('_', ''));
  for (let at = 1; at < factors.length; at += 2) {
    const next = Number(factors[at + 1].replaceAll('_', ''));
    result = factors[at] === '*' ? result * next : result * 2 ** next;
    if (factors[at] === '**') result = Number(factors[at - 1].replaceAll('_', '')) ** next;
  }
  if (!Number.isFinite(result)) throw new Error(`${value} is not a number`);
  return result < 1e15 ? result.toLocaleString('en') : value;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(ROOT, 'README.md'), readmeWithBounds());
