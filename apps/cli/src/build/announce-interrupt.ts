import type { Output } from '../terminal/output.js';

const INTERRUPTED_EXIT_CODE = 130;

/** From now on Ctrl-C leaves the build alone and says how to find it again. The answer undoes that. */
export function announceInterrupt(output: Output, { app, id }: { app: string; id: string }): () => void {
  const onInterrupt = () => {
    output.warn(`\nBuild ${id} goes on. Follow it with: convox builds logs ${id} -a ${app}`);
    process.exit(INTERRUPTED_EXIT_CODE);
  };
  process.once('SIGINT', onInterrupt);
  return () => void process.off('SIGINT', onInterrupt);
}
