/** Which language a text of a call or a result is in, as far as its place and its first lines tell. */

const BY_ENDING: Readonly<Record<string, string>> = {
  c: 'c',
  h: 'c',
  cc: 'cpp',
  cpp: 'cpp',
  hpp: 'cpp',
  css: 'css',
  diff: 'diff',
  patch: 'diff',
  go: 'go',
  html: 'xml',
  java: 'java',
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  json: 'json',
  py: 'python',
  pyi: 'python',
  rs: 'rust',
  sh: 'bash',
  sql: 'sql',
  ts: 'typescript',
  tsx: 'typescript',
  xml: 'xml',
  yaml: 'yaml',
  yml: 'yaml',
};

const BY_FIELD: Readonly<Record<string, string>> = {
  bash: 'bash',
  cmd: 'bash',
  command: 'bash',
  script: 'bash',
  code: 'python',
  python: 'python',
  sql: 'sql',
  query: '',
  diff: 'diff',
  patch: 'diff',
};

/** Of a text in a field of a call's arguments. @param path that another field names, or null */
export function languageOfField(field: string, text: string, path: string | null): string {
  return languageOfText(text) || (BY_FIELD[field.toLowerCase()] ?? languageOfPath(path));
}

function languageOfPath(path: string | null): string {
  return BY_ENDING[/\.(\w+)$/.exec(path ?? '')?.[1]?.toLowerCase() ?? ''] ?? '';
}

/** Characters looked at. */
const HEAD = 2_000;

/** Of any text; empty: not known. */
export function languageOfText(text: string): string {
  const head = text.slice(0, HEAD);
  if (/^diff --git /m.test(head) || (/^(?:---|\+\+\+) /m.test(head) && /^@@ /m.test(head))) return 'diff';
  if (/^\s*[[{]/.test(head) && /[}\]]\s*$/.test(text)) return 'json';
  if (/^<\?xml |^<!doctype html/i.test(head.trimStart())) return 'xml';
  return '';
}
