/** What ws uses where somebody has installed it; it does without. */
const OPTIONAL = /^(?:bufferutil|utf-8-validate)$/;

/**
 * For esbuild: an import of a built-in module would load it at the start, since one file has its imports at its top. This
 * way each is loaded by who needs it first.
 */
export const lazyBuiltins = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path, kind }) =>
      kind === 'require-call' ? { path, namespace: 'unused' } : undefined,
    );
    // Commander takes it along for commands that are programs of their own, which ours are not; it loads a third of Node.
    onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: `module.exports = { get spawn() { return process.getBuiltinModule(${JSON.stringify(path)}).spawn; } };`,
    }));
    onResolve({ filter: /^[a-z_/:]+$/ }, ({ path }) => {
      if (!process.getBuiltinModule(path)) return undefined;
      return { path: path.replace(/^(?:node:)?/, 'node:'), namespace: 'builtin', sideEffects: false };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
    onResolve({ filter: OPTIONAL }, ({ path }) => ({ path, namespace: 'absent' }));
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'throw new Error("not installed");' }));
  },
};
