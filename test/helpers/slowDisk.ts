/** A disk on which no file is complete at once: a process started with it is still writing when a test comes to disturb it. */

/** @param milliseconds how long each file takes to be complete. @returns the environment of the process, whose event loop goes on */
export function slowDisk(milliseconds: number): Readonly<Record<string, string>> {
  const module = `
    import { open } from 'node:fs/promises';
    const handle = await open(process.execPath);
    const methods = Object.getPrototypeOf(handle);
    await handle.close();
    const { sync } = methods;
    methods.sync = async function () {
      await new Promise((resolve) => setTimeout(resolve, ${milliseconds}));
      return sync.call(this);
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}` };
}
