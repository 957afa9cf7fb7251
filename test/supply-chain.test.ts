/** What is installed is what was locked, runs nothing by itself, and its licences travel with the page. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { proven } from './helpers/proven.ts';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('the supply chain', () => {
  it('has an integrity hash for every locked package', ({ task }) => {
    expect(packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
    proven(task, {
      part: 'Supply chain',
      fault: 'A package differs from what was locked',
      happened: 'every locked package has a SHA-512; npm refuses another',
    });
  });

  it('runs no script of a package when it is installed', ({ task }) => {
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
    const scripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    proven(task, {
      part: 'Supply chain',
      fault: 'A package has an install script',
      happened: `not run: ${scripts.map((path) => path.replace('node_modules/', '')).join(', ')}`,
    });
  });

  it('names exact versions of what it depends on', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    expect(loose).toEqual([]);
  });

  it('has the licence of every package that is in the page, and a list of all parts', ({ task }) => {
    const notices = readFileSync('dist/THIRD-PARTY-NOTICES.txt', 'utf8');
    const listed = [...notices.matchAll(/^- ((?:@[^/]+\/)?[^ @]+) (\d\S*) \((.+)\)$/gm)].map(([, name, version, licence]) => ({
      name,
      version,
      licence,
    }));
    for (const { name, version } of listed) expect([name, lock.packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
    // What the page is known to be made of; the rest is in the list because the bundler said so.
    for (const name of ['react', 'comlink', 'zustand', 'd3-hierarchy', 'tailwindcss', 'onnxruntime-web', '@fontsource-variable/inter'])
      expect(listed.map((one) => one.name)).toContain(name);
    for (const { name, version, licence } of listed) expect(notices.split(`${name} ${version} (${licence})`).length).toBe(3);
    const parts = (JSON.parse(readFileSync('dist/sbom.cdx.json', 'utf8')) as { components: { name: string; version: string }[] })
      .components;
    const named = new Set(parts.map(({ name, version }) => `${name}@${version}`));
    const installed = packages
      .filter(([path]) => existsSync(path))
      .map(([path, { version }]) => `${path.replace(/.*node_modules\//, '')}@${version}`);
    expect(installed.filter((one) => !named.has(one))).toEqual([]);
    proven(task, {
      part: 'Supply chain',
      fault: 'The page is given to somebody',
      happened: `dist/ has the licence texts of ${listed.length} packages, and an SBOM of all that are installed`,
    });
  });
});
