import { type CommandDefinition, printTable } from '../command.js';
import type { RackFinding } from '../http/decode-finding.js';

const HEADINGS = ['ON', 'CHECK', 'STATUS', 'FINDING'];

const rowOf = ({ on, check, status, message }: RackFinding): readonly string[] => [on, check, status, message];

const nameOf = ({ on, check }: RackFinding) => `${check} (${on})`;

/** `convox rack doctor` */
export const rackDoctor: CommandDefinition = {
  summary: 'look at what the rack needs and say what is wrong; the exit code tells whether something has failed',
  options: [],
  examples: ['rack doctor', 'rack doctor --json'],
  run: async (call) => {
    const findings = await call.rack().examine();
    printTable(call, { json: findings.map(({ json }) => json), headings: HEADINGS, rows: findings.map(rowOf) });
    const failures = findings.filter(({ status }) => status === 'failed');
    if (failures.length > 0) throw new Error(`something has failed: ${failures.map(nameOf).join(', ')}`);
  },
};
