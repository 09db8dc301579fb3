/**
 * The file of a worker: beside this one once it is built. The sources, as tests run them, have none, and do all on the calling
 * thread.
 */
export function workerFile(name: string): URL | undefined {
  return import.meta.url.endsWith('.ts') ? undefined : new URL(`./${name}.js`, import.meta.url);
}
