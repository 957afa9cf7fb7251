/** Words that speak for tags, of what is asked: part of the rules that docs/axes.md is written from. All of it is [ours]. */
import type { AxisId } from './axes.ts';

/** Words of the task as its first user message tells it. Each counts at most three times. */
export interface WordRule {
  readonly axis: AxisId | 'none';
  /** On that axis; with `none`: the task is no software task. */
  readonly tag: string;
  /** As people read it. */
  readonly words: string;
  /** A pattern between word boundaries, of any case. */
  readonly pattern: string;
  readonly weight: number;
}

/** @param words as people read them. @param patterns of them, where the words alone are none */
function rule(
  axis: WordRule['axis'],
  tag: string,
  weight: number,
  words: string,
  patterns: readonly string[] = words.split(', '),
): WordRule {
  return { axis, tag, weight, words, pattern: patterns.join('|').replaceAll(' ', '\\s+') };
}

export const WORD_RULES: readonly WordRule[] = [
  rule('language', 'python', 1, 'python, django, flask, pandas, numpy, pytest, sympy, scikit-learn'),
  rule('language', 'javascript', 1, 'javascript, node.js, express.js', ['javascript|node\\.?js|express\\.js']),
  rule('language', 'typescript', 1, 'typescript'),
  rule('language', 'java', 1, 'java, spring boot, maven'),
  rule('language', 'cpp', 1, 'c++', ['c\\+\\+(?!\\w)']),
  rule('language', 'csharp', 1, 'c#, .net', ['c#(?!\\w)|asp\\.net']),
  rule('language', 'go', 1, 'golang'),
  rule('language', 'rust', 1, 'rust, cargo'),
  rule('language', 'ruby', 1, 'ruby, rails'),
  rule('language', 'php', 1, 'php, laravel'),
  rule('language', 'swift', 1, 'swiftui, swift package'),
  rule('language', 'kotlin', 1, 'kotlin'),
  rule('language', 'shell', 1, 'bash script, shell script'),
  rule('language', 'sql', 1, 'sql, mysql, postgresql, sqlite'),
  rule('language', 'html-css', 1, 'html, css'),
  rule('tasktype', 'bug-fixing', 2, 'bug, bugs, fix, fixes, fixed, broken, regression'),
  rule(
    'tasktype',
    'bug-fixing',
    1,
    'error, errors, exception, traceback, crash, crashes, fails, failing, incorrect, incorrectly, wrong, unexpected',
  ),
  rule('tasktype', 'bug-fixing', 2, 'steps to reproduce, to reproduce, expected behavior, actual behavior, expected result', [
    'to\\s+reproduce|(?:expected|actual)\\s+(?:behaviou?r|results?)',
  ]),
  rule(
    'tasktype',
    'feature-implementation',
    2,
    'implement, create a, build a, develop a, write a function, write a program, from scratch',
    [
      'implement|(?:create|build|develop)\\s+an?',
      'write\\s+(?:a|an|the)\\s+(?:\\w+\\s+)?(?:function|program|script|class|game|app)|from\\s+scratch',
    ],
  ),
  rule('tasktype', 'feature-implementation', 1, 'new feature'),
  rule('tasktype', 'feature-enhancement', 1, 'allow'),
  rule(
    'tasktype',
    'feature-enhancement',
    2,
    'enhance, enhancement, feature request, improve, extend, add support, add an option, should support',
    [
      'enhanc(?:e|ement)|feature\\s+request|improve|extend',
      'add(?:ing)?\\s+(?:support|an?\\s+(?:option|parameter|flag|argument|method))',
      'should\\s+(?:also\\s+)?support|would\\s+be\\s+(?:nice|useful|great)',
    ],
  ),
  rule('tasktype', 'refactoring', 4, 'refactor, refactoring, clean up, restructure, rename', [
    'refactor(?:ing)?|clean\\s?up|restructure|rename\\s+the',
    'move\\s+\\w+\\s+(?:in)?to\\s+(?:its\\s+own|a\\s+separate)',
  ]),
  rule('tasktype', 'performance-optimisation', 3, 'performance, slow, slower, speed up, faster, optimise, memory usage, latency', [
    'performance|slow(?:er|ly)?|speed\\s?up|faster|optimi[sz](?:e|ation)|memory\\s+usage|latency',
  ]),
  rule('tasktype', 'code-understanding', 4, 'explain, how does, what does, where is, summarise, understand', [
    'explain|how\\s+does|what\\s+does|where\\s+(?:is|are)|summari[sz]e|understand',
    'which\\s+(?:file|function|class)',
  ]),
  rule('tasktype', 'test-case-generation', 4, 'write tests, unit tests, test cases, test coverage, add tests', [
    '(?:write|add|generate|create)\\s+(?:\\w+\\s+){0,2}tests?|test\\s+coverage|unit\\s+tests?\\s+for',
  ]),
  rule('tasktype', 'configuration-and-deployment', 1, 'install, configure, set up', ['install(?:ation)?|configur(?:e|ation)|set\\s?up']),
  rule('tasktype', 'configuration-and-deployment', 3, 'deploy, docker, ci, kubernetes, environment variable, dependency, systemd, nginx', [
    'deploy(?:ment)?|docker(?:file)?|kubernetes|k8s|ci/cd|environment\\s+variables?',
    'upgrade\\s+(?:the\\s+)?dependenc(?:y|ies)|systemd|nginx',
  ]),
  rule(
    'scenario',
    'application-development',
    1,
    'app, application, api, rest, web, server, http, cli, command line, django, flask, framework, website',
    [
      'app|application|apis?|rest|web|server|https?|cli|command[\\s-]line|django|flask|fastapi|express',
      'framework|website|endpoint|plugin|library',
    ],
  ),
  rule('scenario', 'database-systems', 2, 'database, sql, query, queryset, orm, migration, postgres, mysql, sqlite, mongodb, table', [
    'databases?|sql|quer(?:y|ies)|queryset|orm|migrations?|postgres(?:ql)?|mysql|sqlite|mongodb|redis',
    'sqlalchemy',
  ]),
  rule('scenario', 'data-science-and-engineering', 2, 'dataframe, pandas, numpy, matplotlib, csv, dataset, xarray, statistics, plot, etl', [
    'dataframes?|pandas|numpy|matplotlib|seaborn|csv|datasets?|xarray|statistics|plots?|etl|spark|parquet',
    'data\\s+(?:analysis|pipeline)',
  ]),
  rule(
    'scenario',
    'machine-learning-and-ai',
    2,
    'machine learning, neural, pytorch, tensorflow, scikit-learn, sklearn, training, classifier, llm, embedding',
    [
      'machine\\s+learning|neural|pytorch|torch|tensorflow|keras|scikit-learn|sklearn|classifiers?|llms?',
      'embeddings?|estimators?|hyperparameters?|transformers?|fine-?tun(?:e|ing)|language\\s+models?',
    ],
  ),
  rule(
    'scenario',
    'infrastructure-development',
    2,
    'docker, kubernetes, terraform, ci, deployment, linux, network, nginx, systemd, build system, logging',
    [
      'docker(?:file)?|kubernetes|terraform|ansible|ci/cd|deployment|linux|ubuntu|networks?|nginx|systemd',
      'build\\s+system|cmake|makefile|cloud|aws|files?\\s+in\\s+the\\s+(?:directory|folder)|directory',
    ],
  ),
  rule(
    'scenario',
    'specialised-programming-domains',
    2,
    'game, compiler, parser, embedded, blockchain, physics, astronomy, astropy, sympy, symbolic, geometry, simulation',
    [
      'games?|compilers?|parsers?|embedded|firmware|blockchain|smart\\s+contracts?|physics',
      'astronom(?:y|ical)|astropy|sympy|symbolic|geometry|simulations?|quantum|robot(?:ics)?|graphics|audio',
      'linter|pylint|type\\s+checker|chess',
    ],
  ),
  rule(
    'scenario',
    'security-engineering',
    3,
    'security, vulnerability, exploit, ctf, encryption, decrypt, authentication, password, xss, injection',
    [
      'security|vulnerabilit(?:y|ies)|exploits?|ctf|encrypt(?:ion|ed)?|decrypt|authentication|xss|csrf',
      'injection|malware|cve-\\d+|reverse\\s+engineer(?:ing)?',
    ],
  ),
  rule('scenario', 'ui-ux-engineering', 2, 'css, layout, button, react, vue, frontend, ui, ux, responsive, animation, component, canvas', [
    'css|layout|buttons?|react|vue|front-?end|ui|ux|responsive|animations?|accessibility|dark\\s+mode',
    'modal|tailwind|stylesheet',
  ]),
  rule('none', 'mathematics', 3, 'formulas in LaTeX', ['\\$[^$\\n]{1,80}\\$|\\\\\\[|\\\\frac']),
  rule('none', 'mathematics', 3, 'boxed answers, find the value, how many, positive integers, probability that, triangle', [
    '\\\\boxed|find\\s+the\\s+(?:value|number|sum|area|remainder)|how\\s+many',
    '(?:positive|real)\\s+(?:integers?|numbers?)|probability\\s+that|triangles?|solve\\s+for',
  ]),
  rule('none', 'customer service', 3, 'reservation, refund, flight, my order, customer, airline, retail', [
    'reservations?|refunds?|flights?|my\\s+orders?|airline|my\\s+(?:booking|account|subscription|phone)',
  ]),
  rule('none', 'web browsing', 3, 'shopping, post on reddit, wikipedia, checkbox, click on, web page', [
    'shopping|reddit|wikipedia|check\\s?box(?:es)?|click\\s+(?:on\\s+)?the|submit\\s+button|web\\s?pages?',
    'scroll',
  ]),
  rule('none', 'questions', 2, 'who, when was, weather, capital of, trip, temperature', [
    'who\\s+(?:is|was|wrote|won)|when\\s+(?:is|was|did)|weather|capital\\s+of|trip\\s+to|temperature\\s+in',
    'population',
  ]),
];

/** Words that only a task of software has, whatever its type. */
export const SOFTWARE_WORDS = [
  'repository',
  'code\\s?base',
  'source\\s?code',
  'pull\\s+request',
  'pr_description',
  'function',
  'class',
  'module',
  'script',
  'program(?:me)?',
  'software',
  'compile',
  'codebase',
  'method',
  'stack\\s?trace',
  'git',
  'commit',
  'library',
  'package',
  'code',
].join('|');
