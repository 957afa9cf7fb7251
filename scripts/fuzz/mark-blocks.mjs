/**
 * A plugin of the build that puts a mark at the start of every block of `src`: of functions, branches, loops, cases and of what
 * `?:`, `&&`, `||`, `??` and defaults may leave out. Run, a mark costs one look at a byte; the first time it also counts.
 */
import { relative } from 'node:path';

/** Marks in the running program: one byte each, and how many were seen. Before everything else in each chunk. */
export const BANNER = 'globalThis.__blocks??={seen:new Uint8Array(1<<17),count:0,hit(n){this.seen[n]=1;this.count++}};';

/** @returns the plugin, and after the build the files in the order of their marks, with how many each has. */
export function marksBlocks(root) {
  const marked = new Map();
  let next = 0;
  const plugin = {
    name: 'mark-blocks',
    enforce: 'post',
    transform(code, id) {
      const path = relative(root, id.split('?')[0]).replaceAll('\\', '/');
      if (!/^src\/.*\.tsx?$/.test(path) || path.includes('.built.') || marked.has(path)) return null;
      const first = next;
      const inserts = [];
      const mark = () => `__s[${next++}]||__b.hit(${next - 1})`;
      blocksOf(this.parse(code), {
        statement: (at) => inserts.push([at, `${mark()};`]),
        wrapStatement: ({ start, end }) => inserts.push([start, `{${mark()};`], [end, '}']),
        expression: ({ start, end }) => inserts.push([start, `(${mark()},`], [end, ')']),
      });
      marked.set(path, { first, count: next - first });
      const head = 'const __b=globalThis.__blocks,__s=__b.seen;';
      return { code: head + spliced(code, inserts), map: null };
    },
  };
  return { plugin, files: () => [...marked].map(([path, at]) => ({ path, ...at })) };
}

/** At one place ends come before starts, inner ends before outer ones, outer starts before inner ones: as they were found. */
function spliced(code, inserts) {
  const starts = new Map();
  const ends = new Map();
  for (const [at, text] of inserts) {
    if (text === ')' || text === '}') ends.set(at, text + (ends.get(at) ?? ''));
    else starts.set(at, (starts.get(at) ?? '') + text);
  }
  const places = [...new Set([...starts.keys(), ...ends.keys()])].sort((a, b) => a - b);
  let out = '';
  let from = 0;
  for (const at of places) {
    out += code.slice(from, at) + (ends.get(at) ?? '') + (starts.get(at) ?? '');
    from = at;
  }
  return out + code.slice(from);
}

/** Walks a syntax tree, outer nodes first. */
function blocksOf(root, { statement, wrapStatement, expression }) {
  const body = (node) => {
    if (node === null || node === undefined) return;
    if (node.type === 'BlockStatement') statement(node.start + 1);
    else wrapStatement(node);
  };
  const visit = (node) => {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        if (node.body) statement(node.body.start + 1);
        break;
      case 'ArrowFunctionExpression':
        if (node.body.type === 'BlockStatement') statement(node.body.start + 1);
        else expression(node.body);
        break;
      case 'IfStatement':
        body(node.consequent);
        body(node.alternate);
        break;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        body(node.body);
        break;
      case 'SwitchCase':
        if (node.consequent.length > 0) statement(node.consequent[0].start);
        break;
      case 'CatchClause':
        body(node.body);
        break;
      case 'ConditionalExpression':
        expression(node.consequent);
        expression(node.alternate);
        break;
      case 'LogicalExpression':
        expression(node.right);
        break;
      case 'AssignmentPattern':
        expression(node.right);
        break;
    }
    for (const key in node) {
      if (key === 'parent') continue;
      const child = node[key];
      if (Array.isArray(child)) for (const each of child.filter(visitable)) visit(each);
      else if (visitable(child)) visit(child);
    }
  };
  visit(root);
}

function visitable(node) {
  return typeof node === 'object' && node !== null && typeof node.type === 'string';
}
