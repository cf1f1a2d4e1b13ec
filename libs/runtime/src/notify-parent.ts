/** Tells the process that started this one over an IPC channel that it is ready. Without such a channel it does nothing. */
export function notifyParent(message: { readonly type: 'ready'; readonly port?: number }): void {
  // Sending reports a channel that was just closed by this callback; without one it would be thrown as an event.
  process.send?.(message, undefined, undefined, () => {});
}
