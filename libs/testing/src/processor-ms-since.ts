/**
 * Tells how much processor time this process has taken since an earlier `process.cpuUsage()`, in milliseconds: other processes make a
 * machine slow, not what is measured.
 */
export function processorMsSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}
