/** Finds a Chrome or Chromium for the tests, or installs one: Debian's package as root, Playwright's own download elsewhere. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

function installed() {
  const named = process.env['ESPALIER_CHROMIUM'];
  return named && existsSync(named) ? named : PLACES.find((path) => existsSync(path));
}

async function downloaded() {
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

const quiet = { stdio: ['ignore', 2, 2] };

/** Path of a browser that is here already, or undefined. */
export async function lookForChromium() {
  return installed() ?? (await downloaded());
}

/** Path of the browser's executable; ends the process with instructions where there is none and none can be installed. */
export async function findChromium() {
  const found = await lookForChromium();
  if (found) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write('installing Chromium (apt-get install chromium)\n');
    spawnSync('apt-get', ['update', '-qq'], quiet);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'], {
      ...quiet,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } else {
    process.stderr.write('downloading Chromium (playwright-core install chromium)\n');
    spawnSync(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium'], quiet);
  }
  const now = await lookForChromium();
  if (now) return now;
  process.stderr.write(
    'The browser tests need Chrome or Chromium, and none could be installed.\nInstall ' +
      'one, or set ESPALIER_CHROMIUM to the path of its executable, and run npm test again.\n',
  );
  process.exit(1);
}
