/**
 * The three axes that tasks are tagged on, with their tags: language, type and scenario, the latter two as SWE-Compass (arXiv 2511.05459)
 * and the KAT-Coder announcement have them. Besides them `other`: the task is none that the axis speaks of; and `unknown`: nothing is said.
 */
export const AXIS_IDS = ['language', 'tasktype', 'scenario'] as const;
export type AxisId = (typeof AXIS_IDS)[number];

export interface AxisTagName {
  /** One word to a filter. */
  readonly id: string;
  readonly label: string;
}

export interface Axis {
  /** Also the name of its column and in filters. */
  readonly id: AxisId;
  readonly label: string;
  readonly tags: readonly AxisTagName[];
}

export const OTHER = 'other';
/** Never said of a task: what is left where nothing is. */
export const UNKNOWN = 'unknown';

const named = (...pairs: readonly string[]): AxisTagName[] =>
  pairs.map((pair) => {
    const [id = '', label = ''] = pair.split('=');
    return { id, label };
  });

const LANGUAGES = named(
  'python=Python',
  'javascript=JavaScript',
  'typescript=TypeScript',
  'java=Java',
  'c=C',
  'cpp=C++',
  'csharp=C#',
  'go=Go',
  'rust=Rust',
  'ruby=Ruby',
  'php=PHP',
  'swift=Swift',
  'kotlin=Kotlin',
  'scala=Scala',
  'shell=Shell',
  'sql=SQL',
  'html-css=HTML and CSS',
  'r=R',
  'julia=Julia',
  'lua=Lua',
  'perl=Perl',
  'haskell=Haskell',
  'elixir=Elixir',
  'dart=Dart',
  'matlab=MATLAB',
  'clojure=Clojure',
  'ocaml=OCaml',
  'objective-c=Objective-C',
  'zig=Zig',
  'hcl=HCL',
  'other=other',
);

const TASK_TYPES = named(
  'feature-implementation=feature implementation',
  'feature-enhancement=feature enhancement',
  'bug-fixing=bug fixing',
  'refactoring=refactoring',
  'performance-optimisation=performance optimisation',
  'code-understanding=code understanding',
  'test-case-generation=test case generation',
  'configuration-and-deployment=configuration and deployment',
  'other=other',
);

const SCENARIOS = named(
  'application-development=application development',
  'database-systems=database systems',
  'data-science-and-engineering=data science and engineering',
  'machine-learning-and-ai=machine learning and AI',
  'infrastructure-development=infrastructure development',
  'specialised-programming-domains=specialised programming domains',
  'security-engineering=security engineering',
  'ui-ux-engineering=UI/UX engineering',
  'other=other',
);

export const AXES: readonly Axis[] = [
  { id: 'language', label: 'language', tags: LANGUAGES },
  { id: 'tasktype', label: 'task type', tags: TASK_TYPES },
  { id: 'scenario', label: 'scenario', tags: SCENARIOS },
];

export function axisOf(id: AxisId): Axis {
  return AXES.find((axis) => axis.id === id) ?? AXES[0];
}

export function isAxisId(value: unknown): value is AxisId {
  return AXIS_IDS.some((id) => id === value);
}

/** Whether an axis has that tag; `unknown` is none. */
export function isTagOf(axis: AxisId, tag: unknown): tag is string {
  return axisOf(axis).tags.some(({ id }) => id === tag);
}

/** As people read it; what no axis has, as it is. */
export function tagLabel(axis: AxisId, tag: string): string {
  return axisOf(axis).tags.find(({ id }) => id === tag)?.label ?? tag;
}
