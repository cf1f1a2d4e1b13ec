/** Reads a line that somebody types; `''` when the input has ended. */
export function readLine(): Promise<string> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const done = (line: string) => {
      stdin.off('data', onData).off('end', onEnd).pause();
      resolve(line);
    };
    // A terminal gives whole lines.
    const onData = (bytes: Buffer) => done(bytes.toString('utf8'));
    const onEnd = () => done('');
    stdin.on('data', onData).on('end', onEnd).resume();
  });
}

/** Whether somebody sits there who can read a question and answer it. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}
