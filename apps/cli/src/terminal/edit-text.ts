import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const ENDING_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/** Runs an editor, which may have arguments, as git runs its one. */
function runEditor(editor: string, path: string): Promise<void> {
  const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`the editor "${editor}" ended with ${signal ?? `exit code ${code}`}: nothing was changed`));
    });
  });
}

/**
 * Lets a person edit a text in a file that only they can read, and that is gone afterwards, whatever happens.
 *
 * @returns the text as the editor left it
 * @throws {Error} when there is no editor, or it fails
 */
export async function editText(text: string, { editor, name }: { editor: string; name: string }): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'convox-edit-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const onSignal = (signal: (typeof ENDING_SIGNALS)[number]) => {
    remove();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal);
  try {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    await runEditor(editor, path);
    return readFileSync(path, 'utf8');
  } finally {
    remove();
    for (const signal of ENDING_SIGNALS) process.off(signal, onSignal);
  }
}
