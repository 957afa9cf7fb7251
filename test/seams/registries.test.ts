/** Registries: a member is named by its own file and by its registry, and by nothing else of the program. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, readSources, ROOT, type Sources } from '../helpers/sources.ts';

/** Files that do nothing but list members, and where members may lie. */
const REGISTRIES: readonly { readonly registry: string; readonly members: RegExp; readonly atLeast: number }[] = [
  { registry: 'src/app/views/main/registry.ts', members: /^src\/app\/views\/main\/(?!main-view)/, atLeast: 4 },
  { registry: 'src/core/errors/registry.ts', members: /^src\/core\/errors\/rules\//, atLeast: 9 },
  { registry: 'src/core/prune/strategies.ts', members: /^src\/core\/prune\/strategies\//, atLeast: 8 },
  { registry: 'src/core/prune/train-methods.ts', members: /^src\/core\/prune\/train-methods\//, atLeast: 5 },
  { registry: 'src/core/signal/signals.ts', members: /^src\/core\/signal\/signals\//, atLeast: 6 },
  { registry: 'src/engine/bindings/registry.ts', members: /^src\/engine\/bindings\/(?!binding|bind-|join)/, atLeast: 1 },
  { registry: 'src/engine/containers/registry.ts', members: /^src\/engine\/containers\/(?!container)/, atLeast: 2 },
  { registry: 'src/engine/export/profiles/index.ts', members: /^src\/engine\/export\/profiles\//, atLeast: 3 },
  { registry: 'src/engine/plots/registry.ts', members: /^src\/engine\/plots\/members\//, atLeast: 13 },
  { registry: 'src/engine/readers/registry.ts', members: /^src\/engine\/readers\/(?!reader)/, atLeast: 3 },
  { registry: 'src/engine/rollouts/registry.ts', members: /^src\/engine\/rollouts\/columns\//, atLeast: 12 },
  { registry: 'src/engine/statistics/registry.ts', members: /^src\/engine\/statistics\/(?!statistic)/, atLeast: 12 },
  { registry: 'src/formats/dialects/registry.ts', members: /^src\/formats\/dialects\/(?!dialect)/, atLeast: 8 },
  { registry: 'src/formats/registry.ts', members: /^src\/formats\/(?!format|order)/, atLeast: 16 },
];

/** The modules that a registry lists. */
function membersOf(sources: Sources, { registry, members }: (typeof REGISTRIES)[number]): readonly string[] {
  return importsOf(registry, sources.get(registry) ?? '')
    .map(({ target }) => target)
    .filter((target) => members.test(target));
}

/** `FILE imports MEMBER` for every file of the program, besides the registry, that imports a member. */
function namedElsewhere(sources: Sources): readonly string[] {
  const registryOf = new Map(REGISTRIES.flatMap((each) => membersOf(sources, each).map((member) => [member, each.registry] as const)));
  return [...sources].flatMap(([path, text]) =>
    /^(?:src|workers)\//.test(path)
      ? importsOf(path, text).flatMap(({ target }) =>
          registryOf.has(target) && registryOf.get(target) !== path ? [`${path} imports ${target}`] : [],
        )
      : [],
  );
}

describe('a registry', () => {
  const sources = readSources();

  it.each(REGISTRIES)('$registry lists modules that are there', (each) => {
    const members = membersOf(sources, each);
    expect(members.length).toBeGreaterThanOrEqual(each.atLeast);
    expect(members.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('holds every module that lies among its members', () => {
    const folders = REGISTRIES.filter(({ registry }) =>
      /errors|strategies|signals|train-methods|statistics|profiles|plots|rollouts/.test(registry),
    );
    const missing = folders.flatMap((each) => {
      const listed = new Set([each.registry, ...membersOf(sources, each)]);
      return [...sources.keys()].filter((path) => each.members.test(path) && !listed.has(path));
    });
    expect(missing).toEqual([]);
  });

  it('is the only place besides its own file that names a member', () => {
    expect(namedElsewhere(sources)).toEqual([]);
  });

  it('is seen to be left out, where somebody does', () => {
    const text = "import { density } from '../core/prune/strategies/density.ts';\n";
    const few = new Map([...sources].filter(([path]) => REGISTRIES.some(({ registry }) => registry === path)));
    expect(namedElsewhere(few.set('src/engine/shortcut.ts', text))).toEqual([
      'src/engine/shortcut.ts imports src/core/prune/strategies/density.ts',
    ]);
  });
});
