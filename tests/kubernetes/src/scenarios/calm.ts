import { checkCalm } from '../checks/check-calm.js';
import { checkSecrets } from '../checks/check-secrets.js';
import type { Scenario } from './scenario.js';

export const calm: Scenario = {
  title: 'nothing of all this warned, nothing was started again, and no secret is where others read',
  run: async (rack) => [...(await checkCalm(rack)), ...(await checkSecrets(rack))],
};
