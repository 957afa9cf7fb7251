/** How Chromium is started for tests and benchmarks. */

/** In a container, and without any connection of its own. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Without a graphics card there is no WebGPU but by this. */
export const WITH_GPU = '--enable-unsafe-webgpu';
