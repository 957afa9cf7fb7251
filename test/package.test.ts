/** The policy on dependencies, licences and what may be committed, and whether the READMEs say what is so. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INSPECT_HELP } from '../src/cli/commands/inspect.ts';
import { EVALUATE_HELP } from '../src/cli/commands/evaluate.ts';
import { PRUNE_HELP } from '../src/cli/commands/prune.ts';
import { SCORE_HELP } from '../src/cli/commands/score.ts';
import { ROLLOUTS_HELP } from '../src/cli/commands/rollouts.ts';
import { SEARCH_HELP } from '../src/cli/commands/search.ts';
import { STATS_HELP } from '../src/cli/commands/stats.ts';
import { helpOf, STUDY_HELP } from '../src/cli/commands/study.ts';
import { CURVE_HELP } from '../src/cli/commands/curve.ts';
import { SHARE_HELP } from '../src/cli/commands/share.ts';
import { TASKS_HELP } from '../src/cli/commands/tasks.ts';
import { VIEW_HELP } from '../src/cli/commands/view.ts';
import { STUDIES } from '../src/cli/studies/registry.ts';
import { FORMATS } from '../src/formats/registry.ts';
import { importsOf, packageOf, readSources, ROOT } from './helpers/sources.ts';

interface Manifest {
  readonly license: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const versions = { ...manifest.dependencies, ...manifest.devDependencies };
const names = Object.keys(versions);
/** What a person may install beside the package; nothing here needs it. */
const peers = Object.keys(manifest.peerDependencies);
const sources = readSources();

/** Packages that code or styles import, or that an npm script or the compiler runs by name. */
function usedPackages(): Set<string> {
  const used = new Set<string>();
  for (const [path, text] of sources) for (const { target, isOwn } of importsOf(path, text)) if (!isOwn) used.add(packageOf(target));
  for (const [, target] of read('src/app/theme.css').matchAll(/@import '([^']+)'/g)) used.add(packageOf(target));
  // Commands of scripts; `tsc` is the compiler's, and `oxlint --type-aware` runs its companion.
  for (const script of Object.values(manifest.scripts))
    for (const word of script.split(/[\s&|]+/)) used.add(word === 'tsc' ? 'typescript' : word);
  if (Object.values(manifest.scripts).some((script) => script.includes('oxlint --type-aware'))) used.add('oxlint-tsgolint');
  // Types go with their package, or with Node.
  for (const name of Array.from(used)) if (!name.startsWith('@')) used.add(`@types/${name.replace(/^node:.*/, 'node')}`);
  return used;
}

/** Rows `| \`name\` | used in | reason |` of the table of dependencies. */
function reasons(text: string): Map<string, string> {
  const section = text.slice(text.indexOf('## Dependencies'));
  return new Map([...section.matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|$/gm)].map(([, name, reason]) => [name, reason.trim()]));
}

/** What names a machine, a person's folder or a package registry. Written in pieces, so that this file passes. */
const MACHINE = new RegExp(
  `(?:^|[\\s"'\`(=:])/(?:work|tmp|root|home/\\w+|Users/\\w+)/\\w|${['registry', 'npmjs'].join('\\.')}|${['npmjs', 'org'].join('\\.')}`,
  'm',
);

describe('dependencies', () => {
  it('have exact versions', () => {
    expect(names.filter((name) => !/^\d+\.\d+\.\d+$/.test(versions[name]))).toEqual([]);
  });

  it('have a reason each in ARCHITECTURE.md, and nothing else has', () => {
    const table = reasons(read('ARCHITECTURE.md'));
    expect([...table.keys()].sort()).toEqual([...names, ...peers].sort());
    expect([...table].filter(([, reason]) => reason.length < 8)).toEqual([]);
  });

  it('are all used', () => {
    const used = usedPackages();
    expect([...names, ...peers].filter((name) => !used.has(name))).toEqual([]);
    expect(used.has('left-pad')).toBe(false);
  });

  it('may be passed on', () => {
    const accepted = ['MIT', 'Apache-2.0', 'ISC', 'BSD-3-Clause', 'OFL-1.1'];
    const licence = (name: string): string => (JSON.parse(read(`node_modules/${name}/package.json`)) as Manifest).license;
    expect(
      names
        .map((name) => `${name} ${licence(name)}`)
        .filter((line) =>
          line
            .slice(line.indexOf(' '))
            .split(/[ ()]+|AND/)
            .some((part) => part !== '' && !accepted.includes(part)),
        ),
      // Only tests run it; the build refuses its licence in the page.
    ).toEqual(['axe-core MPL-2.0']);
  });

  it('are installed without the native ONNX Runtime, which is large; where a person adds it, it is the version of the other', () => {
    expect(manifest.peerDependencies).toEqual({ 'onnxruntime-node': versions['onnxruntime-web'] });
    expect(manifest.peerDependenciesMeta).toEqual({ 'onnxruntime-node': { optional: true } });
    const { packages } = JSON.parse(read('package-lock.json')) as { readonly packages: Readonly<Record<string, unknown>> };
    expect(Object.keys(packages).filter((path) => path.endsWith('onnxruntime-node'))).toEqual([]);
  });

  it('leave no address in the lock file', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly version?: string }>>;
    };
    expect(Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
    expect(names.filter((name) => lock.packages[`node_modules/${name}`]?.version !== versions[name])).toEqual([]);
    expect(read('.npmrc').split('\n')).toEqual(expect.arrayContaining(['omit-lockfile-registry-resolved=true', 'save-exact=true']));
  });
});

describe('the repository', () => {
  it('has its licence', () => {
    expect(manifest.license).toBe('Apache-2.0');
    expect(read('LICENSE')).toMatch(/Apache License\s+Version 2\.0/);
  });

  it.skipIf(!existsSync(join(ROOT, '.git')))('names no machine, folder of a person or registry in a committed file', () => {
    const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
      .split('\0')
      .filter((path) => path !== '' && existsSync(join(ROOT, path)));
    expect(files.length).toBeGreaterThan(100);
    const isText = (path: string): boolean => !path.endsWith('.onnx') && !path.endsWith('.png');
    expect(files.filter((path) => isText(path) && MACHINE.test(read(path)))).toEqual([]);
    expect(MACHINE.test(['cd ', 'home', 'someone', 'logs'].join('/'))).toBe(true);
    expect(MACHINE.test(['https:/', 'example.com', 'work', 'x and src', 'work', 'x'].join('/'))).toBe(false);
  });
});

describe('the documentation', () => {
  const readme = read('README.md');

  it('prints the help of each command as it is', () => {
    const cli = read('docs/cli.md');
    expect(cli).toContain(INSPECT_HELP);
    expect(cli).toContain(PRUNE_HELP);
    expect(cli).toContain(ROLLOUTS_HELP);
    expect(cli).toContain(SEARCH_HELP);
    expect(cli).toContain(STATS_HELP);
    expect(cli).toContain(SCORE_HELP);
    expect(cli).toContain(EVALUATE_HELP);
    expect(cli).toContain(TASKS_HELP);
    expect(cli).toContain(CURVE_HELP);
    expect(cli).toContain(SHARE_HELP);
    expect(cli).toContain(VIEW_HELP);
    expect(cli).toContain(STUDY_HELP);
    for (const study of STUDIES) expect(cli).toContain(helpOf(study));
  });

  it('has a row for every format', () => {
    const logs = read('docs/logs.md');
    expect(FORMATS.filter(({ id }) => !logs.includes(`| \`${id}\` |`)).map(({ id }) => id)).toEqual([]);
  });

  it('has a row for every key of the page', () => {
    const rows = [...read('src/app/actions.ts').matchAll(/action\('\w+', [^[\]]*\[('[^\]]*'|'\]'|'\[')\], /g)].map(([, keys]) => keys);
    const bindings = rows.flatMap((keys) => [...keys.matchAll(/'([^']+)'/g)].map(([, key]) => key));
    const words: Readonly<Record<string, string>> = { mod: 'Ctrl', shift: 'Shift', Escape: 'Esc' };
    const cap = (binding: string): string =>
      (binding === '+' ? ['+'] : binding.split('+'))
        .map((part, _, all) => words[part] ?? (all.length > 1 ? part.toUpperCase() : part))
        .join(' ');
    expect(bindings).toEqual(expect.arrayContaining(['j', '[', 'mod+z', 'mod+shift+z', '?']));
    const table = read('docs/keys.md');
    expect(bindings.map(cap).filter((key) => key !== '=' && !table.includes(`\`${key}\``))).toEqual([]);
  });

  it('has a README in every room, which names files that are there', () => {
    const rooms = [
      'src/base',
      'src/core',
      'src/formats',
      'src/engine',
      'src/platform',
      'src/app',
      'src/cli',
      'workers',
      'scripts',
      'test',
      'training',
      'public/samples',
    ];
    expect(rooms.filter((room) => !existsSync(join(ROOT, room, 'README.md')))).toEqual([]);
    const readmes = ['src', 'workers', 'scripts', 'test'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('README.md'))
        .map((path) => join(folder, path)),
    );
    const missing = readmes
      .flatMap((path) => [...read(path).matchAll(/`([\w./-]+\.(?:ts|tsx|mjs))`/g)].map(([, name]) => [join(dirname(path), name), name]))
      .filter((places) => !places.some((place) => existsSync(join(ROOT, place))));
    expect(missing).toEqual([]);
  });

  it('links to files that are there', () => {
    const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))];
    expect(pages.length).toBeGreaterThan(3);
    const targets = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => join(dirname(page), target!)),
    );
    expect(targets.length).toBeGreaterThan(8);
    expect(targets.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });

  it('keeps the README to what a first reader needs', () => {
    // Its two tables are made by commands.
    const written = readme.replaceAll(/<!-- (bounds|measured):[^]*?<!-- end of \1 -->/g, '');
    expect(written.length).toBeLessThan(readme.length - 1000);
    expect(written.split('\n').length).toBeLessThanOrEqual(105);
  });
});
