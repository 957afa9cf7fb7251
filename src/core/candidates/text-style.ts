/** How languages write comments and strings, by the names of files: for texts that no grammar reads [ours]. */

export interface TextStyle {
  /** What begins a comment that ends with its line. */
  readonly line: readonly string[];
  /** What begins and ends a comment. */
  readonly block: readonly (readonly [start: string, end: string])[];
  /** What begins and ends a string of one line. */
  readonly quotes: readonly string[];
  /** What begins and ends a string of several lines. */
  readonly long: readonly string[];
  /** How far a line is in says something. */
  readonly indents: boolean;
}

const BLOCK: TextStyle['block'] = [['/*', '*/']];
const QUOTES = ['"', "'"];

/** Anything else: white space alone is left out, and only inside of lines. */
export const NO_COMMENTS: TextStyle = { line: [], block: [], quotes: [], long: [], indents: true };
const LIKE_C: TextStyle = { line: ['//'], block: BLOCK, quotes: QUOTES, long: [], indents: false };
const LIKE_SHELL: TextStyle = { line: ['#'], block: [], quotes: QUOTES, long: [], indents: false };
const MARKUP: TextStyle = { line: [], block: [['<!--', '-->']], quotes: QUOTES, long: [], indents: false };

const STYLES: readonly (readonly [endings: string, style: TextStyle])[] = [
  ['py pyi pyx', { line: ['#'], block: [], quotes: QUOTES, long: ['"""', "'''"], indents: true }],
  ['js jsx mjs cjs ts tsx mts cts go', { ...LIKE_C, long: ['`'] }],
  ['java c h cc cpp cxx hh hpp cs rs swift kt kts scala dart groovy proto m mm', LIKE_C],
  ['php', { ...LIKE_C, line: ['//', '#'] }],
  ['css', { ...LIKE_C, line: [] }],
  ['scss less', LIKE_C],
  ['sh bash zsh rb pl pm r toml cfg conf properties tcl ex exs jl', LIKE_SHELL],
  ['yml yaml coffee nim', { ...LIKE_SHELL, indents: true }],
  ['sql lua', { line: ['--'], block: BLOCK, quotes: QUOTES, long: [], indents: false }],
  ['html htm xml svg vue', MARKUP],
  ['json', { ...MARKUP, block: [] }],
];

const BY_ENDING = new Map(STYLES.flatMap(([endings, style]) => endings.split(' ').map((ending) => [ending, style] as const)));

/** What follows the last dot of a file's name, in lower case; '' where it has none. */
export function endingOf(path: string): string {
  return /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}

export function styleOf(path: string): TextStyle {
  return BY_ENDING.get(endingOf(path)) ?? NO_COMMENTS;
}
