import { runProcess } from '@convox-builds/runtime';

import { startApi } from './start-api.js';

await runProcess(startApi);
