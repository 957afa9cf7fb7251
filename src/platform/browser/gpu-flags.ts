/** WebGPU's usage bits, which TypeScript's DOM library leaves out: https://www.w3.org/TR/webgpu/#buffer-usage */
export const USAGE = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 } as const;
export const MAP_READ = 0x1;
