/** The rules that tags are guessed by: docs/axes.md is written from this table. All of it is [ours]. */
import type { AxisId } from './axes.ts';

/** Languages by the endings of file names, without the dot. */
export const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  python: ['py', 'pyi', 'pyx', 'ipynb'],
  javascript: ['js', 'jsx', 'mjs', 'cjs'],
  typescript: ['ts', 'tsx', 'mts', 'cts'],
  java: ['java'],
  c: ['c', 'h'],
  cpp: ['cc', 'cpp', 'cxx', 'hh', 'hpp', 'cu'],
  csharp: ['cs'],
  go: ['go'],
  rust: ['rs'],
  ruby: ['rb', 'erb'],
  php: ['php'],
  swift: ['swift'],
  kotlin: ['kt', 'kts'],
  scala: ['scala'],
  shell: ['sh', 'bash', 'zsh', 'ps1'],
  sql: ['sql'],
  'html-css': ['html', 'css', 'scss', 'less'],
  r: ['r', 'rmd'],
  julia: ['jl'],
  lua: ['lua'],
  perl: ['pl', 'pm'],
  haskell: ['hs'],
  elixir: ['ex', 'exs'],
  dart: ['dart'],
  matlab: ['m'],
  clojure: ['clj', 'cljs'],
  ocaml: ['ml', 'mli'],
  'objective-c': ['mm'],
  zig: ['zig'],
  hcl: ['tf', 'hcl'],
};

/** Languages by the word after a code fence, besides their ids and endings. */
export const FENCES: Readonly<Record<string, readonly string[]>> = {
  python: ['python3', 'ipython', 'pycon'],
  javascript: ['node'],
  cpp: ['c++'],
  csharp: ['c#'],
  go: ['golang'],
  shell: ['console', 'shell-session', 'powershell'],
  'html-css': ['html'],
};

/** What one piece of evidence of a language weighs. Commands of agents are shell in every language, so shell in a fence weighs little. */
export const LANGUAGE_WEIGHTS = { edited: 3, touched: 1, fence: 1, shellFence: 0.05, tool: 0.5, word: 2 } as const;

/** A tool, by a pattern of its whole name in lower case; `software`: only tasks of software have it, or only others do. */
export interface ToolRule {
  readonly id: string;
  readonly names: string;
  readonly axis?: AxisId;
  readonly tag?: string;
  readonly weight?: number;
  readonly software?: boolean;
}

export const TOOL_RULES: readonly ToolRule[] = [
  {
    id: 'editor',
    names: '(?:str_replace|edit|write|create|apply|multi|open|view)_?(?:based_)?(?:edit|file|patch|editor|replace|diff).*',
    software: true,
  },
  {
    id: 'shell',
    names: '(?:execute_|run_)?(?:bash|shell|terminal|command|run_shell_command|exec_command|local_shell)(?:_tool|_command)?',
    software: true,
  },
  {
    id: 'python',
    names: '(?:execute_|run_)?(?:i?python)(?:_interpreter|_code|_tool)?',
    axis: 'language',
    tag: 'python',
    weight: 0.5,
    software: true,
  },
  { id: 'sql', names: '(?:execute_|run_)?sql(?:_query|_db_query)?', axis: 'scenario', tag: 'database-systems', weight: 3, software: true },
  {
    id: 'service',
    names:
      '(?:get|find|cancel|modify|update|book|return|exchange|transfer|send|search)_(?:user|order|reservation|flight|direct_flight|' +
      'product|item|human|certificate|booking|customer|delivered|pending|passenger).*',
    software: false,
  },
  { id: 'browser', names: '(?:browser_)?(?:click|fill|goto|scroll|hover|select_option|send_msg_to_user|noop|tab_focus)', software: false },
  { id: 'search', names: '(?:web_?)?search(?:_web)?|visit|google_search|wikipedia.*', software: false },
];

/** Parts of the paths of edited files, split where no letter is. */
export interface PathRule {
  readonly axis: AxisId;
  readonly tag: string;
  readonly weight: number;
  readonly parts: string;
  /** Every edited file has to have one, else any may. */
  readonly all?: true;
}

export const PATH_RULES: readonly PathRule[] = [
  { axis: 'tasktype', tag: 'test-case-generation', weight: 1, parts: 'test, tests, spec, specs', all: true },
  { axis: 'scenario', tag: 'database-systems', weight: 3, parts: 'db, database, databases, sql, migrations, models, schema, orm, queries' },
  { axis: 'scenario', tag: 'security-engineering', weight: 3, parts: 'auth, security, crypto, password, passwords, permissions' },
  { axis: 'scenario', tag: 'ui-ux-engineering', weight: 3, parts: 'css, styles, components, widgets, ui, templates, frontend' },
  {
    axis: 'scenario',
    tag: 'application-development',
    weight: 3,
    parts: 'views, forms, fields, api, routes, server, cli, http, controllers, handlers, admin, app',
  },
  {
    axis: 'scenario',
    tag: 'machine-learning-and-ai',
    weight: 3,
    parts: 'sklearn, torch, nn, ml, train, training, estimators, transformers, ensemble, llm',
  },
  {
    axis: 'scenario',
    tag: 'data-science-and-engineering',
    weight: 3,
    parts: 'pandas, numpy, xarray, dataframe, frame, plot, plots, plotting, etl, csv',
  },
  {
    axis: 'scenario',
    tag: 'infrastructure-development',
    weight: 3,
    parts: 'docker, kubernetes, terraform, deploy, ci, aws, cloud, infra, ansible',
  },
  {
    axis: 'scenario',
    tag: 'specialised-programming-domains',
    weight: 3,
    parts:
      'astropy, sympy, parser, parsers, lexer, compiler, lint, linter, pylint, astroid, game, games, physics, geometry, quantum, ' +
      'dicom, pydicom, solar, irradiance',
  },
];

/** A task in a frame of an issue or a description of a change is a bug to be fixed, unless its words say otherwise. */
export const FRAME_WEIGHT = 1;

/** How user messages begin that ask for nothing: what a tool tells of its surroundings. They are passed over. */
export const PASSED_OVER: readonly string[] = [
  '<environment_context>',
  '<user_info>',
  '<user_instructions>',
  '<git-context>',
  '<system-reminder>',
  '# AGENTS.md',
];

/** Frames around a task: only what is inside them is looked at, for the rest is the same in all tasks. */
export const FRAMES: readonly (readonly [open: string, close: string])[] = [
  ['<pr_description>', '</pr_description>'],
  ['<issue_description>', '</issue_description>'],
  ['<problem_statement>', '</problem_statement>'],
  ['<issue>', '</issue>'],
  ['ISSUE:', 'INSTRUCTIONS:'],
  ['Please solve this issue:', 'You can execute bash commands'],
  ['--- BEGIN ISSUE ---', '--- END ISSUE ---'],
];
