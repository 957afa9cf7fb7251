/**
 * What of others is in the built page: a Vite plugin that collects the packages of every bundle, workers included, and a step
 * behind it that writes their licences and notices into `dist/`, with the parts list of all that is locked (SBOM).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKED } from './packed-wasm.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const OWN_TEXTS = join(ROOT, 'scripts/notices');

/** Licences that may be in the page; another one stops the build, so that a person decides. */
const ALLOWED = new Set(['MIT', 'ISC', 'Apache-2.0', '(Apache-2.0 AND BSD-3-Clause)', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'OFL-1.1']);

/** Packages whose sources reach the page by other ways than modules: styles that are put into styles. */
const IN_STYLES = ['tailwindcss'];

/** `plugin()` once for the page and once for its workers: both add to one list. */
export function thirdParty() {
  const packages = new Set(IN_STYLES);
  const add = (path) => {
    const inside = path.startsWith(PACKED) ? `node_modules/${path.slice(PACKED.length)}` : path;
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(inside.replaceAll('\\', '/'))?.[1];
    if (name !== undefined) packages.add(name);
  };
  const collect = () => ({
    name: 'third-party',
    generateBundle(_, bundle) {
      for (const item of Object.values(bundle)) for (const path of item.moduleIds ?? item.originalFileNames ?? []) add(path);
    },
  });
  const write = {
    name: 'third-party-notices',
    writeBundle({ dir }) {
      writeFileSync(join(dir, 'THIRD-PARTY-NOTICES.txt'), notices([...packages].sort()));
      writeFileSync(join(dir, 'sbom.cdx.json'), sbom());
    },
  };
  return { collect, write };
}

/** One text with every package's name, version, licence and its words. Throws where a licence is not allowed or has no text. */
function notices(names) {
  const parts = names.map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (!ALLOWED.has(license))
      throw new Error(`${name} ${version} has the licence ${license}, which is not in the list of scripts/third-party.mjs`);
    return { head: `${name} ${version} (${license})`, text: licenceText(name, folder) };
  });
  if (names.includes('onnxruntime-web'))
    parts.push({ head: 'What ONNX Runtime is made of', text: readFileSync(join(OWN_TEXTS, 'onnxruntime-parts.txt'), 'utf8') });
  const list = parts.map(({ head }) => `- ${head}`).join('\n');
  const rule = '='.repeat(78);
  const texts = parts.map(({ head, text }) => `${rule}\n${head}\n${rule}\n\n${text.trim()}\n`).join('\n');
  return `What others wrote of the Espalier page, and under which licence.\n\n${list}\n\n${texts}`;
}

function licenceText(name, folder) {
  const own = join(OWN_TEXTS, `${name.replace('/', '+')}.txt`);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0 && !existsSync(own)) throw new Error(`${name} has no licence text: add ${own}`);
  return files.length === 0 ? readFileSync(own, 'utf8') : files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
}

/** Every locked package as CycloneDX 1.5, by npm itself; without what differs from run to run. */
function sbom() {
  const npm = process.env['npm_execpath'];
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  // Vite says "production" while it builds, and npm would then leave out what only the build needs.
  const env = { ...process.env, NODE_ENV: '' };
  const made = JSON.parse(execFileSync(command, [...first, ...args], { cwd: ROOT, env, encoding: 'utf8', maxBuffer: 64 << 20 }));
  delete made.serialNumber;
  delete made.metadata.timestamp;
  made.metadata.component.name = 'espalier';
  return `${JSON.stringify(made)}\n`;
}
